package org.messagebusbridge.websocket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The bridge's answers to its peer's pings. A pong leaves only when every message read before its
 * ping was accepted, so the peer can take it as a receipt; it waits for that 5 s at most, so the
 * peer never takes a slow broker for a dead bridge.
 *
 * <p>Pongs are sent in the order of their pings. Memory is bounded against a peer that pings
 * without end: of too many unanswered pings the oldest are passed over, as RFC 6455, section 5.5.3
 * allows, and one alarm at a time is set, for the oldest that waits. For any thread.
 */
final class PeerPings {
  /** The longest that a pong waits for the messages before it. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int MAX_WAITING = 64;
  private static final int MAX_UNSENT = 16;

  /** A ping that is not answered yet; the pong gives its payload back (RFC 6455, section 5.5.3). */
  private static final class Waiting {
    private final byte[] payload;
    private final long messagesBefore;
    private final long readAt;

    private Waiting(byte[] payload, long messagesBefore, long readAt) {
      this.payload = payload;
      this.messagesBefore = messagesBefore;
      this.readAt = readAt;
    }
  }

  private final LongSupplier nanoTime;
  private final Runnable flusher;
  private final ObjLongConsumer<Runnable> alarm;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Queue<byte[]> due = new ConcurrentLinkedQueue<>();
  private long accepted;
  private int unsent;
  private boolean alarmSet;

  /**
   * @param nanoTime the time, as of {@link System#nanoTime}
   * @param flusher has the output flushed soon by another thread, which writes the pongs
   * @param alarm runs a task in so many nanoseconds
   */
  PeerPings(LongSupplier nanoTime, Runnable flusher, ObjLongConsumer<Runnable> alarm) {
    this.nanoTime = nanoTime;
    this.flusher = flusher;
    this.alarm = alarm;
  }

  /**
   * A ping was read.
   *
   * @param messagesBefore the number of the last message that was read before it; 0: none was
   */
  void read(byte[] payload, long messagesBefore) {
    lock.lock();
    try {
      waiting.add(new Waiting(payload, messagesBefore, nanoTime.getAsLong()));
      if (waiting.size() > MAX_WAITING) {
        waiting.remove();
      }
      answer();
    } finally {
      lock.unlock();
    }
  }

  /** Every message up to the one of this number is accepted. */
  void accepted(long number) {
    lock.lock();
    try {
      accepted = Math.max(accepted, number);
      answer();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next pong, for {@link WireOutput} to write.
   *
   * @return its payload; null when none is due
   */
  byte @Nullable [] next() {
    byte[] payload = due.poll();
    if (payload == null) {
      return null;
    }
    lock.lock();
    try {
      unsent--;
      answer();
    } finally {
      lock.unlock();
    }
    return payload;
  }

  /** Answers the pings that have waited long enough. */
  void wake() {
    lock.lock();
    try {
      alarmSet = false;
      answer();
    } finally {
      lock.unlock();
    }
  }

  private void answer() {
    long now = nanoTime.getAsLong();
    while (unsent < MAX_UNSENT && !waiting.isEmpty() && patience(waiting.element(), now) <= 0) {
      unsent++;
      due.add(waiting.remove().payload);
      flusher.run();
    }
    // With too many pongs unsent, the next one that is taken comes back here.
    if (!alarmSet && unsent < MAX_UNSENT && !waiting.isEmpty()) {
      alarmSet = true;
      alarm.accept(this::wake, patience(waiting.element(), now));
    }
  }

  /** For how many nanoseconds the ping has to wait; zero or less: no longer. */
  private long patience(Waiting ping, long now) {
    return ping.messagesBefore <= accepted ? 0 : ping.readAt + PATIENCE.toNanos() - now;
  }
}
