package org.messagebusbridge.relay;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiConsumer;

/**
 * How long deliveries took to settle, counted in buckets that grow with the time: exact to the
 * microsecond below 32 microseconds, to a sixteenth above, up to 38 hours; what took longer counts
 * as that. Written by one thread without locks or allocation, read from any.
 */
public final class Latencies {
  private static final int PER_OCTAVE = 16;
  private static final int LOG_PER_OCTAVE = 4;
  private static final int OCTAVES = 37;
  private static final long MAX_MICROS = (1L << OCTAVES) - 1;

  /** How many buckets there are. */
  static final int BUCKETS = bucket(MAX_MICROS) + 1;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
  private final AtomicLong sumNanos = new AtomicLong();

  /** One more that took so long; one thread at a time. */
  public void add(long nanos) {
    int bucket = bucket(Math.clamp(nanos / 1_000, 0, MAX_MICROS));
    counts.setRelease(bucket, counts.getPlain(bucket) + 1);
    sumNanos.setRelease(sumNanos.getPlain() + Math.max(0, nanos));
  }

  /** What was counted until now. */
  public Snapshot snapshot() {
    long[] copy = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      copy[i] = counts.getAcquire(i);
    }
    return new Snapshot(copy, sumNanos.getAcquire());
  }

  /** The time in microseconds from which on a bucket counts; what it counts is below the next's. */
  static long fromMicros(int bucket) {
    if (bucket < 2 * PER_OCTAVE) {
      return bucket;
    }
    int octave = bucket / PER_OCTAVE - 1;
    return (long) (bucket - octave * PER_OCTAVE) << octave;
  }

  private static int bucket(long micros) {
    int octave = Math.max(0, Long.SIZE - 1 - LOG_PER_OCTAVE - Long.numberOfLeadingZeros(micros));
    return octave * PER_OCTAVE + (int) (micros >>> octave);
  }

  /** What was counted at one moment, or between two. Immutable. */
  public static final class Snapshot {
    private final long[] counts;
    private final long sumNanos;

    private Snapshot(long[] counts, long sumNanos) {
      this.counts = counts;
      this.sumNanos = sumNanos;
    }

    /** How many there are in all. */
    public long count() {
      return Arrays.stream(counts).sum();
    }

    /** All times together, in seconds. */
    public double sumSeconds() {
      return sumNanos / 1e9;
    }

    /** How many took at most so long, to the width of a bucket. */
    public long countUpTo(long micros) {
      long count = 0;
      for (int bucket = 0; bucket < counts.length && fromMicros(bucket) < micros; ) {
        count += counts[bucket++];
      }
      return count;
    }

    /**
     * The time in milliseconds that this share of messages took at most, to the width of a bucket;
     * 0 when there are none.
     *
     * @param share 0 to 1
     */
    public double quantileMillis(double share) {
      long wanted = Math.max(1, (long) Math.ceil(share * count()));
      long seen = 0;
      for (int bucket = 0; bucket < counts.length; bucket++) {
        seen += counts[bucket];
        if (seen >= wanted) {
          return fromMicros(bucket + 1) / 1e3;
        }
      }
      return 0;
    }

    /** What was counted since {@code earlier}. */
    public Snapshot since(Snapshot earlier) {
      long[] difference = counts.clone();
      for (int bucket = 0; bucket < counts.length; bucket++) {
        difference[bucket] -= earlier.counts[bucket];
      }
      return new Snapshot(difference, sumNanos - earlier.sumNanos);
    }

    /**
     * Visits all buckets that are not empty, the shortest time first.
     *
     * @param visitor takes the middle of a bucket in milliseconds, and how many are in it
     */
    public void forEach(BiConsumer<Double, Long> visitor) {
      for (int bucket = 0; bucket < counts.length; bucket++) {
        if (counts[bucket] > 0) {
          long twiceMiddle = fromMicros(bucket) + fromMicros(bucket + 1);
          visitor.accept(twiceMiddle / 2e3, counts[bucket]);
        }
      }
    }
  }
}
