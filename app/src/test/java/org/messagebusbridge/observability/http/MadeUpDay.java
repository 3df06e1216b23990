package org.messagebusbridge.observability.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.messagebusbridge.observability.LatencyReading;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.Reading.Export;
import org.messagebusbridge.observability.Reading.Flow;
import org.messagebusbridge.observability.Reading.Queue;
import org.messagebusbridge.observability.Reading.Side;

/** A bridge's numbers second after second, the same in each run of a test. */
final class MadeUpDay {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final int BUCKETS = 4_000;
  private static final int BUCKET_MICROS = 100;

  private final Random random = new Random(11);
  private final Direction toWs = new Direction(1_240);
  private final Direction fromWs = new Direction(86);
  private int second;

  private final class Direction {
    private final int usual;
    private final long[] latencies = new long[BUCKETS];
    private long total;
    private long sumNanos;

    Direction(int usual) {
      this.usual = usual;
    }

    void pass() {
      int count = (int) (usual * (1 + 0.25 * Math.sin(second / 40.0) + random.nextGaussian() / 25));
      for (int n = 0; n < count; n++) {
        double millis = Math.exp(0.35 + random.nextGaussian() * 0.6) + (n % 90 == 0 ? 6 : 0);
        int bucket = (int) Math.min(BUCKETS - 1, millis * 1_000 / BUCKET_MICROS);
        latencies[bucket]++;
        sumNanos += (long) (millis * 1e6);
      }
      total += count;
    }

    Flow flow(long requeued, long rejected) {
      return new Flow(
          total,
          total * 412,
          requeued,
          0,
          requeued,
          0,
          rejected,
          usual / 50,
          LatencyReading.of(latencies, bucket -> (long) bucket * BUCKET_MICROS, sumNanos));
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
                new Reading.Failure(
                    START.minusSeconds(3_000),
                    "wss://api.example.com/stream closed the connection with 1012 (service"
                        + " restart)."))),
        toWs.flow(12, 1),
        fromWs.flow(0, 0),
        Optional.of(new Queue(18, 2)),
        Optional.of(new Queue(0, 1)),
        Export.NONE);
  }
}
