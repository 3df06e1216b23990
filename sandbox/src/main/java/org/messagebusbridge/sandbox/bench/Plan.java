package org.messagebusbridge.sandbox.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What to measure.
 *
 * @param ways in the order of their turns
 * @param sizes of bodies, in bytes, each under saturation
 * @param rates messages a second, each with bodies of the first size
 * @param rounds how often each way has its turn
 * @param seconds that a turn is measured
 * @param inFlight how many messages are out at saturation
 * @param firstSettling how long each way is under load before it is measured for the first time,
 *     when a JVM has not compiled its code yet
 */
record Plan(
    List<Way> ways,
    List<Integer> sizes,
    List<Integer> rates,
    int rounds,
    int seconds,
    int inFlight,
    Duration firstSettling) {

  private static final Duration SETTLING = Duration.ofSeconds(1);
  private static final Duration FIRST_SETTLING = Duration.ofSeconds(4);
  private static final Duration QUICK_SETTLING = Duration.ofSeconds(2);

  Plan {
    ways = List.copyOf(ways);
    sizes = List.copyOf(sizes);
    rates = List.copyOf(rates);
  }

  /** A usual one. */
  Plan(
      List<Way> ways,
      List<Integer> sizes,
      List<Integer> rates,
      int rounds,
      int seconds,
      int inFlight) {
    this(ways, sizes, rates, rounds, seconds, inFlight, FIRST_SETTLING);
  }

  /** One round of two seconds for one size, and the first of the rates if there is any. */
  static Plan quick(List<Way> ways, int size, List<Integer> rates, int inFlight) {
    return new Plan(
        ways, List.of(size), rates.stream().limit(1).toList(), 1, 2, inFlight, QUICK_SETTLING);
  }

  /**
   * The loads that processes which carry bodies of this size are put under, one after the other.
   */
  List<Workload> loads(int size) {
    List<Workload> loads = new ArrayList<>(List.of(new Workload(size, 0)));
    if (size == sizes.getFirst()) {
      rates.forEach(rate -> loads.add(new Workload(size, rate)));
    }
    return loads;
  }

  /** Before a turn is measured. */
  Duration warmUp(Workload load, int round) {
    return load.saturates() && round == 1 ? firstSettling : SETTLING;
  }

  /** How long it takes, but for starting and stopping. */
  Duration duration() {
    Duration all = Duration.ZERO;
    for (int size : sizes) {
      for (Workload load : loads(size)) {
        for (int round = 1; round <= rounds; round++) {
          all = all.plus(warmUp(load, round).plusSeconds(seconds).multipliedBy(ways.size()));
        }
      }
    }
    return all;
  }
}
