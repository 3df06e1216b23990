package org.messagebusbridge.sandbox;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Which messages a {@link ResendingPeer} may write, and for which it has a receipt. Numbers go up
 * by one from 1 and a receipt covers all up to its own, so the state is a few numbers however many
 * messages there are. Not safe for concurrent use.
 */
final class Outbox {
  private final int window;
  private final Duration pingEvery;
  private final Duration proofWithin;
  private long limit;
  private long written;
  private long everWritten;
  private long receipted;
  private boolean pingWaits;
  private long pinged;
  private long pingedAt;
  private long resent;

  /**
   * @param window how many messages may be without a receipt, 1 or more
   * @param pingEvery the least time from ping to ping
   * @param proofWithin a pong that took this long or longer is no receipt
   */
  Outbox(int window, Duration pingEvery, Duration proofWithin) {
    if (window < 1) {
      throw new IllegalArgumentException("a window holds 1 message at least, not " + window);
    }
    this.window = window;
    this.pingEvery = pingEvery;
    this.proofWithin = proofWithin;
  }

  /** Messages up to this one may be written. */
  void limit(long number) {
    limit = Math.max(limit, number);
  }

  /** Takes the next message to write, if one may be written now. */
  OptionalLong take() {
    if (written >= limit || written - receipted >= window) {
      return OptionalLong.empty();
    }
    written++;
    if (written > everWritten) {
      everWritten = written;
    } else {
      resent++;
    }
    return OptionalLong.of(written);
  }

  /**
   * Takes the number to ping with, if a receipt is wanted, no ping is on its way and it is time.
   */
  OptionalLong takePing(long now) {
    boolean tooEarly = pinged != 0 && now - pingedAt < pingEvery.toNanos();
    if (pingWaits || tooEarly || written == receipted) {
      return OptionalLong.empty();
    }
    pingWaits = true;
    pinged = written;
    pingedAt = now;
    return OptionalLong.of(written);
  }

  /**
   * The pong to a ping with this number came; ignored when there is no such ping on its way.
   *
   * @return whether there are new receipts
   */
  boolean pong(long number, long now) {
    if (!pingWaits || number != pinged) {
      return false;
    }
    pingWaits = false;
    if (now - pingedAt >= proofWithin.toNanos()) {
      return false;
    }
    receipted = number;
    return true;
  }

  /** On a new connection: what has no receipt is written again, the oldest first. */
  void restart() {
    written = receipted;
    pingWaits = false;
    pinged = 0;
  }

  /** Whether the ping that left at this time is still on its way. */
  boolean awaitsPongSince(long time) {
    return pingWaits && pingedAt == time;
  }

  long everWritten() {
    return everWritten;
  }

  long receipted() {
    return receipted;
  }

  long resent() {
    return resent;
  }
}
