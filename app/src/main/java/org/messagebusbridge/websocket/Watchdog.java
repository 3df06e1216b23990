package org.messagebusbridge.websocket;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Decides when a peer that owes a pong has owed it for too long. Time in which the bridge itself
 * does not read does not count; nor does a frame that is still coming, for the pong cannot overtake
 * it. For one thread.
 */
final class Watchdog {
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
   * @param owedSince since when a pong is owed; empty: none is
   * @param readingSince since when the socket is being read; empty: it is not
   * @param lastRead when the last bytes came
   * @param progress how far reading is
   */
  boolean expired(
      long now,
      OptionalLong owedSince,
      OptionalLong readingSince,
      long lastRead,
      FrameGuard.Progress progress) {
    if (owedSince.isEmpty() || readingSince.isEmpty()) {
      return false;
    }
    long since = later(owedSince.getAsLong(), readingSince.getAsLong());
    if (now - since < timeoutNanos) {
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
