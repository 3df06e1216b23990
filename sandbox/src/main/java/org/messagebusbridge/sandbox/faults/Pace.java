package org.messagebusbridge.sandbox.faults;

import java.util.concurrent.TimeUnit;

/**
 * When the next message is due at a fixed rate. What could not be sent in time is made up for, a
 * quarter of a second's worth at most. Used by one thread.
 */
final class Pace {

  private static final long MOST_BEHIND_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final double nanosEach;
  private double due;

  /**
   * @param perSecond 1 or more
   */
  Pace(int perSecond, long nowNanos) {
    this.nanosEach = 1e9 / perSecond;
    this.due = nowNanos;
  }

  /** How long from {@code nowNanos} until the next message is due; 0 or less: now. */
  long nanosToNext(long nowNanos) {
    due = Math.max(due, nowNanos - (double) MOST_BEHIND_NANOS);
    return (long) (due - nowNanos);
  }

  /** It was sent. */
  void sent() {
    due += nanosEach;
  }
}
