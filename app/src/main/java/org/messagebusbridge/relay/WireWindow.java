package org.messagebusbridge.relay;

import java.time.Duration;

/**
 * How many messages may be on the wire without a confirmation, learnt from the peer's own pace as
 * TCP learns its congestion window (RFC 5681, section 3.1): one on a new connection, twice as many
 * each time that a whole window was confirmed within half of {@link #TARGET}, one more within all
 * of it, half as many when it took longer. So a confirmation is never far away, however slow the
 * peer is, and a fast one is never held up. Used by one thread.
 */
final class WireWindow {
  /** How long a message may be on the wire before fewer are put there. */
  static final Duration TARGET = Duration.ofSeconds(1);

  /** More than any source hands out. */
  private static final int MOST = 1 << 20;

  private int limit = 1;
  private boolean full;
  private long roundBegan = Long.MIN_VALUE;

  /** There is a new connection. */
  void reset() {
    limit = 1;
    full = false;
    roundBegan = Long.MIN_VALUE;
  }

  /** Whether there is room for one more beside so many. */
  boolean hasRoom(int onTheWire) {
    if (onTheWire < limit) {
      return true;
    }
    full = true;
    return false;
  }

  /**
   * A message was confirmed, and all before it.
   *
   * @param sentAt when it was sent, in nanoseconds of {@link Timing#nanoTime}
   * @param now likewise
   */
  void confirmed(long sentAt, long now) {
    if (sentAt < roundBegan) {
      return; // it was sent under the limit before
    }
    long took = now - sentAt;
    if (took > TARGET.toNanos()) {
      limit = Math.max(1, limit / 2);
    } else if (full) {
      limit = took > TARGET.toNanos() / 2 ? limit + 1 : Math.min(MOST, limit * 2);
    } else {
      return;
    }
    full = false;
    roundBegan = now;
  }
}
