package org.messagebusbridge.sandbox.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What fleets of bridges did, and what that took.
 *
 * @param broker product, version and what kind of queues
 * @param turns of each fleet, one a round
 */
record Growth(String broker, Map<Fleet, List<Turn>> turns) {

  Growth {
    turns = new LinkedHashMap<>(turns);
  }

  /** So many queue pairs, with so many instances of the bridge on each. */
  record Fleet(int queues, int instances) {
    String label() {
      return queues == 1 && instances > 1
          ? instances + " instances, 1 queue"
          : queues + (queues == 1 ? " queue" : " queues") + ", a bridge each";
    }
  }

  /**
   * One round of one fleet.
   *
   * @param trips round trips a second, of all together
   * @param bridgeMicros processor time of all bridges for one round trip
   * @param brokerMicros that of all nodes of the broker
   */
  record Turn(double trips, double bridgeMicros, double brokerMicros, long lost) {}

  double trips(Fleet fleet) {
    return median(fleet, Turn::trips);
  }

  double bridgeMicros(Fleet fleet) {
    return median(fleet, Turn::bridgeMicros);
  }

  double brokerMicros(Fleet fleet) {
    return median(fleet, Turn::brokerMicros);
  }

  long lost(Fleet fleet) {
    return turns.getOrDefault(fleet, List.of()).stream().mapToLong(Turn::lost).sum();
  }

  boolean isClean() {
    return turns.keySet().stream().allMatch(fleet -> lost(fleet) == 0);
  }

  private double median(Fleet fleet, ToDoubleFunction<Turn> value) {
    return Median.of(
        turns.getOrDefault(fleet, List.of()).stream().map(value::applyAsDouble).toList());
  }

  /** As lines of text. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(broker);
    lines.add("                          trips/s  bridge CPU us  broker CPU us     lost");
    for (Fleet fleet : turns.keySet()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-23s %9.0f %14.1f %14.1f %8d",
              fleet.label(),
              trips(fleet),
              bridgeMicros(fleet),
              brokerMicros(fleet),
              lost(fleet)));
    }
    return lines;
  }
}
