package org.messagebusbridge.tester;

import java.util.Locale;
import java.util.Optional;

/**
 * The figures of one run.
 *
 * @param sent how many messages were sent
 * @param returned how many different ones of them came back
 * @param refused how many of those that did not come back the broker had refused to take
 * @param damaged how many of those that did not come back did so with another body
 * @param duplicated how many came back again
 * @param outOfOrder how many came back after one that was sent later
 * @param foreign how many were received that this run had not sent
 * @param late how many of those that came back took longer than the plan's limit
 * @param clockStepsBack how often the computer's clock was set back meanwhile, which no round trip
 *     shows as they are measured by another
 * @param sentPerSecond from the first to the last; 0 when fewer than two were sent
 * @param returnedPerSecond from the sending of the first until the last was back
 */
record Summary(
    int sent,
    int returned,
    int refused,
    int damaged,
    long duplicated,
    long outOfOrder,
    long foreign,
    int late,
    int clockStepsBack,
    double sentPerSecond,
    double returnedPerSecond,
    RoundTrips roundTrips) {

  /** How many messages did not come back, the refused and the damaged ones included. */
  int lost() {
    return sent - returned;
  }

  /**
   * One line for people, of a form that scripts can rely on: the six counts, then those that are
   * not zero, then the round trips, if any.
   */
  String line() {
    StringBuilder line = new StringBuilder(160);
    line.append(
        "Sent %d, received %d, lost %d, duplicated %d, foreign %d, out of order %d"
            .formatted(sent, returned, lost(), duplicated, foreign, outOfOrder));
    append(line, "refused", refused);
    append(line, "damaged", damaged);
    append(line, "late", late);
    append(line, "clock set back", clockStepsBack);
    if (returned > 0) {
      line.append(
          "; round trip p50 %s, p99 %s, max %s"
              .formatted(
                  RoundTrips.millis(roundTrips.p50()),
                  RoundTrips.millis(roundTrips.p99()),
                  RoundTrips.millis(roundTrips.max())));
    }
    return line.toString();
  }

  /** The rates in a line for people; nothing is known of fewer than two messages. */
  Optional<String> rates() {
    return sent < 2
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "Sent %.1f a second, received %.1f a second",
                sentPerSecond,
                returnedPerSecond));
  }

  private static void append(StringBuilder line, String what, int count) {
    if (count > 0) {
      line.append(", ").append(what).append(' ').append(count);
    }
  }
}
