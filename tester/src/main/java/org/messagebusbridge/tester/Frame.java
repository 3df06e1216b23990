package org.messagebusbridge.tester;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A run as it stands at one moment, for a screen.
 *
 * @param headline what the run is
 * @param start when it began, on the scale of {@link System#nanoTime}, as all times here
 * @param now this moment
 * @param perSecond how many messages came back a second, of late
 * @param warning the last thing that may go wrong
 */
record Frame(
    String headline,
    Plan plan,
    MessageLog log,
    long start,
    long now,
    double perSecond,
    Optional<String> warning) {

  /** Count of total, rate, round trips and time left: what may not be cut in two. */
  List<String> status() {
    Summary so = log.summary();
    OptionalInt total = plan.schedule().total();
    return List.of(
        "[Msgs: %d of %s]"
            .formatted(
                so.returned(),
                total.isPresent() ? Integer.toString(total.getAsInt()) : so.sent() + " sent"),
        String.format(Locale.ROOT, perSecond < 1_000 ? "%.1f/s" : "%.0f/s", perSecond),
        "p50 " + millis(so, so.roundTrips().p50()),
        "p99 " + millis(so, so.roundTrips().p99()),
        timeLeft(so.sent()));
  }

  /** What is not as it should be, in one line. */
  String counts() {
    Summary so = log.summary();
    return "out %d  late %d  duplicated %d  out of order %d  foreign %d%s%s"
        .formatted(
            so.lost() - so.refused() - so.damaged(),
            so.late(),
            so.duplicated(),
            so.outOfOrder(),
            so.foreign(),
            so.refused() == 0 ? "" : "  refused " + so.refused(),
            so.damaged() == 0 ? "" : "  damaged " + so.damaged());
  }

  private static String millis(Summary so, Duration time) {
    double millis = time.toNanos() / 1e6;
    return so.returned() == 0
        ? "--- ms"
        : String.format(Locale.ROOT, millis < 10_000 ? "%.1f ms" : "%.0f ms", millis);
  }

  private String timeLeft(int sent) {
    OptionalInt total = plan.schedule().total();
    Optional<Duration> length = plan.schedule().length();
    long elapsed = now - start;
    boolean allSent =
        total.isPresent()
            ? sent >= total.getAsInt()
            : length.isPresent() && elapsed >= length.get().toNanos();
    if (allSent && sent > 0) {
      long waited = now - log.account(sent, now).sent();
      return seconds(plan.endDelay().toNanos() - waited) + " left to wait";
    }
    return length.map(time -> seconds(time.toNanos() - elapsed) + " left").orElse("sending");
  }

  private static String seconds(long nanos) {
    long seconds = Math.max(0, Math.ceilDiv(nanos, 1_000_000_000L));
    return seconds < 100
        ? seconds + " s"
        : "%d:%02d:%02d".formatted(seconds / 3_600, seconds / 60 % 60, seconds % 60);
  }
}
