package org.messagebusbridge.observability;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.messagebusbridge.observability.Reading.Export;
import org.messagebusbridge.observability.Reading.Flow;
import org.messagebusbridge.observability.Reading.Queue;
import org.messagebusbridge.observability.Reading.Side;

/** Readings that a test makes up. */
public final class Readings {
  public static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  private Readings() {}

  /** Nothing has happened yet. */
  public static Reading zero() {
    Flow nothing = new Flow(0, 0, 0, 0, 0, 0, 0, 0, LatencyReading.none());
    return new Reading(
        START,
        0,
        "connecting",
        new Side(false, 0, Optional.empty()),
        new Side(false, 0, Optional.empty()),
        nothing,
        nothing,
        Optional.empty(),
        Optional.empty(),
        Export.NONE);
  }

  /**
   * Messages 1 to {@code toWs} and 1 to {@code fromWs} have passed by then, each in half a
   * millisecond.
   */
  public static Reading at(Duration sinceStart, long toWs, long fromWs) {
    return new Reading(
        START.plus(sinceStart),
        sinceStart.toNanos(),
        "relaying",
        new Side(true, 3, Optional.empty()),
        new Side(true, 4, Optional.empty()),
        new Flow(toWs, toWs * 10, 5, 6, 7, 8, 9, 10, latency(toWs)),
        new Flow(fromWs, fromWs * 10, 11, 12, 13, 14, 15, 16, latency(fromWs)),
        Optional.of(new Queue(90, 4)),
        Optional.of(new Queue(17, 1)),
        new Export(18, 19));
  }

  private static LatencyReading latency(long count) {
    return LatencyReading.of(new long[] {count}, bucket -> bucket * 1_000L, count * 500_000);
  }
}
