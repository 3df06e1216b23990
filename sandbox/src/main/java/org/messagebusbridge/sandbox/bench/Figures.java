package org.messagebusbridge.sandbox.bench;

import java.util.List;

/**
 * What one load showed.
 *
 * @param sent how many messages were sent, warm-up included
 * @param received how many different ones came back, warm-up included
 * @param duplicated how many came back again
 * @param outOfOrder how many came back behind a later one
 * @param perSecond how many came back in each second that was measured
 * @param p50Millis the median round trip in milliseconds, of those in the measured time
 * @param p99Millis their 99th percentile
 * @param p999Millis their 99.9th
 * @param maxMillis the longest of them
 */
record Figures(
    int sent,
    int received,
    long duplicated,
    long outOfOrder,
    List<Integer> perSecond,
    double p50Millis,
    double p99Millis,
    double p999Millis,
    double maxMillis) {

  Figures {
    perSecond = List.copyOf(perSecond);
  }

  int lost() {
    return sent - received;
  }

  /** Whether every message came back once and in order. */
  boolean isClean() {
    return lost() == 0 && duplicated == 0 && outOfOrder == 0;
  }

  /** How many messages came back in the measured time. */
  long measured() {
    return perSecond.stream().mapToLong(Integer::longValue).sum();
  }

  /** Round trips a second over the whole measured time. */
  double overall() {
    return perSecond.isEmpty() ? 0 : (double) measured() / perSecond.size();
  }

  /** The median of the seconds: one with a hiccup does not move it. */
  int median() {
    int[] sorted = perSecond.stream().mapToInt(Integer::intValue).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }
}
