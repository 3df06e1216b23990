package org.messagebusbridge.websocket;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides when a peer that owes a pong has owed it for too long. Time counts from its last answer,
 * and it has more of it for what it has to read first: a slow peer is no dead one. Time in which
 * the bridge itself does not read does not count; nor does a frame that is still coming, for the
 * pong cannot overtake it. For one thread.
 */
final class Watchdog {
  /** So many messages before the ping double the time that there is for it. */
  private static final int DOUBLING = 30;

  /** More messages than these make no difference, so that a dead peer is found in bounded time. */
  private static final int MOST_COUNTED = 2 * DOUBLING;

  private final long timeoutNanos;
  private long excusedSince;
  private long excusedFrames = -1;

  Watchdog(Duration timeout) {
    this.timeoutNanos = timeout.toNanos();
  }

  /**
   * Whether the peer is to be given up.
   *
   * @param now the time, as of {@link System#nanoTime}, like all the others
   * @param debt what the peer owes; empty: nothing
   * @param readingSince since when the socket is being read; empty: it is not
   * @param lastRead when the last bytes came
   * @param progress how far reading is
   */
  boolean expired(
      long now,
      Optional<ReceiptPings.Debt> debt,
      OptionalLong readingSince,
      long lastRead,
      FrameGuard.Progress progress) {
    if (debt.isEmpty() || readingSince.isEmpty()) {
      return false;
    }
    long since = later(debt.get().since(), readingSince.getAsLong());
    long counted = Math.min(debt.get().inFront(), MOST_COUNTED);
    if (now - since < timeoutNanos + timeoutNanos / DOUBLING * counted) {
      return false;
    }
    return !excused(since, now - lastRead, progress);
  }

  private boolean excused(long since, long idle, FrameGuard.Progress progress) {
    if (!progress.insideFrame() || idle >= timeoutNanos) {
      return false;
    }
    if (excusedFrames < 0 || excusedSince != since) {
      excusedSince = since;
      excusedFrames = progress.frames();
    }
    return excusedFrames == progress.frames();
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }
}
