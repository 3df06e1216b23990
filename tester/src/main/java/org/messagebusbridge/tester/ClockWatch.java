package org.messagebusbridge.tester;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Notices that the computer's clock was set back, by a clock that cannot be. Each reading of the
 * one lies between two of the other, so a thread that is held up in between is not taken for a
 * step; neither is a clock that is slowed down to be put right, by 1 in 1,000 at most. Safe for use
 * by several threads.
 */
final class ClockWatch {

  private static final long TOLERANCE_NANOS = 1_000_000;
  private static final long SLOWEST = 1_000;

  private final Clock clock;
  private final LongSupplier steady;
  private boolean looked;
  private long ahead;
  private long lookedAt;

  /**
   * A watch that has not looked yet.
   *
   * @param clock what may be set back
   * @param steady what cannot, in nanoseconds, such as {@link System#nanoTime}
   */
  ClockWatch(Clock clock, LongSupplier steady) {
    this.clock = clock;
    this.steady = steady;
  }

  /** Whether the clock was set back since the last look. */
  synchronized boolean wentBack() {
    long before = steady.getAsLong();
    Instant reading = clock.instant();
    long after = steady.getAsLong();
    long nanos = 1_000_000_000L * reading.getEpochSecond() + reading.getNano();
    long aheadAtMost = nanos - before;
    boolean wentBack =
        looked && aheadAtMost + TOLERANCE_NANOS + (after - lookedAt) / SLOWEST < ahead;
    ahead = nanos - after;
    lookedAt = after;
    looked = true;
    return wentBack;
  }
}
