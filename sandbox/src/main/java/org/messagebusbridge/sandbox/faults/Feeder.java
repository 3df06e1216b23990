package org.messagebusbridge.sandbox.faults;

import java.util.concurrent.locks.LockSupport;
import org.messagebusbridge.sandbox.ResendingPeer;

/** Has the peer send at a fixed rate, on a thread of its own. */
public final class Feeder implements AutoCloseable {

  private static final long STEP_NANOS = 5_000_000;

  private final ResendingPeer peer;
  private volatile int perSecond;
  private volatile long most = Long.MAX_VALUE;
  private volatile long due;
  private volatile boolean closed;

  Feeder(ResendingPeer peer) {
    this.peer = peer;
    Thread.ofPlatform().daemon().name("faults-feeder").start(this::run);
  }

  /** New messages become due from now on, until {@link #pause}. */
  public void begin(int perSecond) {
    begin(perSecond, Long.MAX_VALUE);
  }

  /** New messages become due from now on, until so many were in all, or until {@link #pause}. */
  public void begin(int perSecond, long most) {
    this.most = most;
    this.perSecond = perSecond;
  }

  /** No new messages become due. */
  public void pause() {
    perSecond = 0;
  }

  /** How many were due so far. */
  public long due() {
    return due;
  }

  private void run() {
    Pace pace = new Pace(1, System.nanoTime());
    int rate = 0;
    while (!closed) {
      if (perSecond != rate) {
        rate = perSecond;
        pace = new Pace(Math.max(1, rate), System.nanoTime());
      }
      long before = due;
      long next = before;
      // What the peer cannot send for now is not heaped up: it would come as a burst.
      long room = Math.min(most, peer.sent() + rate / 4 + 1);
      while (rate > 0 && next < room && pace.nanosToNext(System.nanoTime()) <= 0) {
        pace.sent();
        next++;
      }
      if (next > before) {
        due = next;
        peer.sendThrough(next);
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
