package org.messagebusbridge.tester;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The round trips of one run, in microseconds, to three digits; all zero when nothing came back.
 *
 * @param p50 the median
 * @param p999 of 1,000 round trips 999 took no longer
 */
record RoundTrips(
    Duration min,
    Duration mean,
    Duration p50,
    Duration p90,
    Duration p95,
    Duration p99,
    Duration p999,
    Duration max) {

  static RoundTrips of(Histogram micros) {
    return new RoundTrips(
        micros(micros.getTotalCount() == 0 ? 0 : micros.getMinValue()),
        micros(Math.round(micros.getMean())),
        micros(micros.getValueAtPercentile(50)),
        micros(micros.getValueAtPercentile(90)),
        micros(micros.getValueAtPercentile(95)),
        micros(micros.getValueAtPercentile(99)),
        micros(micros.getValueAtPercentile(99.9)),
        micros(micros.getMaxValue()));
  }

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }

  /** Milliseconds, to the microsecond, such as {@code 12.345 ms}. */
  static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.3f ms", time.toNanos() / 1e6);
  }
}
