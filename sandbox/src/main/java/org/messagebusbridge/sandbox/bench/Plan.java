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
 */
record Plan(
    List<Way> ways,
    List<Integer> sizes,
    List<Integer> rates,
    int rounds,
    int seconds,
    int inFlight) {

  private static final Duration SETTLING = Duration.ofSeconds(1);
  private static final Duration FIRST_SETTLING = Duration.ofSeconds(4);

  Plan {
    ways = List.copyOf(ways);
    sizes = List.copyOf(sizes);
    rates = List.copyOf(rates);
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

  /** Before a turn is measured: longer in the first, when a JVM has not compiled its code yet. */
  Duration warmUp(Workload load, int round) {
    return load.saturates() && round == 1 ? FIRST_SETTLING : SETTLING;
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
