package org.messagebusbridge.relay;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

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
  public static final int BUCKETS = bucket(MAX_MICROS) + 1;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
  private final AtomicLong sumNanos = new AtomicLong();

  Latencies() {}

  /** One more that took so long; one thread at a time. */
  void add(long nanos) {
    int bucket = bucket(Math.clamp(nanos / 1_000, 0, MAX_MICROS));
    counts.setRelease(bucket, counts.getPlain(bucket) + 1);
    sumNanos.setRelease(sumNanos.getPlain() + Math.max(0, nanos));
  }

  /** How many are in each bucket. */
  public long[] counts() {
    long[] copy = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      copy[i] = counts.getAcquire(i);
    }
    return copy;
  }

  /** All times together, in nanoseconds. */
  public long sumNanos() {
    return sumNanos.getAcquire();
  }

  /** The time in microseconds from which on a bucket counts; what it counts is below the next's. */
  public static long fromMicros(int bucket) {
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
}
