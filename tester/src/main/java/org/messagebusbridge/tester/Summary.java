package org.messagebusbridge.tester;

import java.time.Duration;
import java.util.Locale;

/**
 * The figures of one run.
 *
 * @param sent how many messages were sent
 * @param returned how many different ones of them came back
 * @param refused how many of those that did not come back the broker had refused to take
 * @param duplicated how many came back again
 * @param foreign how many were received that this run had not sent
 * @param p50 the median round trip, in microseconds; zero when nothing came back
 * @param p99 the 99th percentile of the round trips
 * @param max the longest round trip
 */
record Summary(
    int sent,
    int returned,
    int refused,
    long duplicated,
    long foreign,
    Duration p50,
    Duration p99,
    Duration max) {

  /** How many messages did not come back, the refused ones included. */
  int lost() {
    return sent - returned;
  }

  /** One line for people, of a form that scripts can rely on. */
  String line() {
    String counts =
        "Sent %d, received %d, lost %d, duplicated %d, foreign %d"
            .formatted(sent, returned, lost(), duplicated, foreign);
    String trips =
        returned == 0
            ? ""
            : "; round trip p50 %s, p99 %s, max %s"
                .formatted(millis(p50), millis(p99), millis(max));
    return counts + trips;
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.3f ms", time.toNanos() / 1e6);
  }
}
