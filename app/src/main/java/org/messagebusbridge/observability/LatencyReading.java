package org.messagebusbridge.observability;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/** How long messages took: how many in each of many narrow buckets. Immutable. */
public final class LatencyReading {
  private final long[] counts;
  private final IntToLongFunction fromMicros;
  private final long sumNanos;

  /** Takes what messages took about so long. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * So many took about so long.
     *
     * @param millis the middle of a bucket
     * @param count how many are in it, 1 or more
     */
    void values(double millis, long count);
  }

  private LatencyReading(long[] counts, IntToLongFunction fromMicros, long sumNanos) {
    this.counts = counts;
    this.fromMicros = fromMicros;
    this.sumNanos = sumNanos;
  }

  /**
   * What was counted.
   *
   * @param counts how many are in each bucket; copied
   * @param fromMicros from which time on a bucket counts, in microseconds, growing with the bucket;
   *     defined for one more than there are
   * @param sumNanos all times together
   */
  public static LatencyReading of(long[] counts, IntToLongFunction fromMicros, long sumNanos) {
    return new LatencyReading(counts.clone(), fromMicros, sumNanos);
  }

  /** Nothing was counted. */
  public static LatencyReading none() {
    return new LatencyReading(new long[0], bucket -> bucket, 0);
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
    for (int bucket = 0; bucket < counts.length && fromMicros.applyAsLong(bucket) < micros; ) {
      count += counts[bucket++];
    }
    return count;
  }

  /**
   * The time in milliseconds that this share of messages took at most, to the width of a bucket; 0
   * when there are none.
   *
   * @param share 0 to 1
   */
  public double quantileMillis(double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * count()));
    long seen = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket];
      if (seen >= wanted) {
        return fromMicros.applyAsLong(bucket + 1) / 1e3;
      }
    }
    return 0;
  }

  /** What was counted since {@code earlier}, of the same buckets. */
  public LatencyReading since(LatencyReading earlier) {
    long[] difference = counts.clone();
    for (int bucket = 0; bucket < Math.min(counts.length, earlier.counts.length); bucket++) {
      difference[bucket] -= earlier.counts[bucket];
    }
    return new LatencyReading(difference, fromMicros, sumNanos - earlier.sumNanos);
  }

  /** Gives all buckets that are not empty, the shortest time first. */
  public void forEach(Visitor visitor) {
    for (int bucket = 0; bucket < counts.length; bucket++) {
      if (counts[bucket] > 0) {
        long twiceMiddle = fromMicros.applyAsLong(bucket) + fromMicros.applyAsLong(bucket + 1);
        visitor.values(twiceMiddle / 2e3, counts[bucket]);
      }
    }
  }
}
