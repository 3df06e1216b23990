package org.messagebusbridge.observability.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.messagebusbridge.bus.QueueDepth;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.Reading.Export;
import org.messagebusbridge.observability.Reading.Side;
import org.messagebusbridge.relay.Latencies;
import org.messagebusbridge.relay.LinkStats;
import org.messagebusbridge.relay.RelayStats;

/** A bridge's numbers second after second, the same in each run of a test. */
final class MadeUpDay {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  private final Random random = new Random(11);
  private final Direction toWs = new Direction(1_240);
  private final Direction fromWs = new Direction(86);
  private int second;

  private final class Direction {
    private final int usual;
    private final Latencies latencies = new Latencies();
    private long total;

    Direction(int usual) {
      this.usual = usual;
    }

    void pass() {
      int count = (int) (usual * (1 + 0.25 * Math.sin(second / 40.0) + random.nextGaussian() / 25));
      for (int n = 0; n < count; n++) {
        double millis = Math.exp(0.35 + random.nextGaussian() * 0.6) + (n % 90 == 0 ? 6 : 0);
        latencies.add((long) (millis * 1e6));
      }
      total += count;
    }

    RelayStats.Snapshot flow(long requeued, long rejected) {
      return new RelayStats.Snapshot(
          total,
          requeued,
          0,
          total,
          total * 412,
          requeued,
          0,
          rejected,
          usual / 50,
          latencies.snapshot());
    }
  }

  /** The numbers a second later. */
  Reading next() {
    second++;
    toWs.pass();
    fromWs.pass();
    Duration since = Duration.ofSeconds(second);
    return new Reading(
        START.plus(since),
        since.toNanos(),
        "relaying",
        new Side(true, 1, Optional.empty()),
        new Side(
            true,
            3,
            Optional.of(
                new LinkStats.Failure(
                    START.minusSeconds(3_000),
                    "wss://api.example.com/stream closed the connection with 1012 (service"
                        + " restart)."))),
        toWs.flow(12, 1),
        fromWs.flow(0, 0),
        Optional.of(new QueueDepth(18, 2)),
        Optional.of(new QueueDepth(0, 1)),
        Export.NONE);
  }
}
