package org.messagebusbridge.observability;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.messagebusbridge.bus.QueueDepth;
import org.messagebusbridge.observability.Reading.Export;
import org.messagebusbridge.observability.Reading.Side;
import org.messagebusbridge.relay.Latencies;
import org.messagebusbridge.relay.RelayStats;

/** Readings that a test makes up. */
public final class Readings {
  public static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  private Readings() {}

  /** Nothing has happened yet. */
  public static Reading zero() {
    RelayStats.Snapshot nothing = new RelayStats.Snapshot(0, 0, 0, 0, 0, 0, 0, 0, 0, latency(0));
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
        new RelayStats.Snapshot(toWs, 5, 6, toWs, toWs * 10, 7, 8, 9, 10, latency(toWs)),
        new RelayStats.Snapshot(
            fromWs, 11, 12, fromWs, fromWs * 10, 13, 14, 15, 16, latency(fromWs)),
        Optional.of(new QueueDepth(90, 4)),
        Optional.of(new QueueDepth(17, 1)),
        new Export(18, 19));
  }

  private static Latencies.Snapshot latency(long count) {
    Latencies latencies = new Latencies();
    for (long n = 0; n < count; n++) {
      latencies.add(500_000);
    }
    return latencies.snapshot();
  }
}
