package org.messagebusbridge.websocket;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.websocket.WebSocketConfig.PongMatch;

/**
 * The proof that the peer has what was written: a ping that carries how many messages were written
 * before it, which the peer has to give back in a pong (RFC 6455, sections 5.5.2 and 5.5.3). Pongs
 * come in the order of the stream, so the one with number <em>n</em> proves that messages 1 to
 * <em>n</em> have arrived, and all pings before it.
 *
 * <p>Several pings are in flight, one every {@value #EVERY} messages, so that under load a receipt
 * is never far away; one goes as well when the messages written so far are followed by no more and
 * no ping is in flight, and as a sign of life when the connection was idle. {@link WireOutput} asks
 * for them ({@link #messageWritten}, {@link #rowEnded}, {@link #isWanted}) and writes each behind
 * the messages, with the payload of {@link #next}.
 *
 * <p>Some peers answer a ping with a payload of their own. Where that may be, three pings are sent
 * one after the other before anything else: when each is followed by one pong and none of these has
 * its payload, a pong is the answer to the oldest ping from then on, of which one is then in flight
 * at a time; the first pong with its ping's payload ends that. For any thread.
 */
final class ReceiptPings {
  /** A tag that no one else's pong has, and the number: two longs. */
  private static final int PAYLOAD_BYTES = 2 * Long.BYTES;

  /** So many messages at most are written behind a ping before the next one. */
  private static final int EVERY = 64;

  /** So many pings are to have been answered each with another payload. */
  private static final int STRANGE_ANSWERS = 3;

  /**
   * When to ping.
   *
   * @param receipts whether messages are to be proved; else there are signs of life alone
   * @param receiptInterval the least time between two pings that prove; zero: none
   * @param idleInterval the time after which an idle connection is pinged; zero: never
   */
  record Pace(boolean receipts, Duration receiptInterval, Duration idleInterval) {}

  /** What a pong has to be to answer a ping. */
  private enum Match {
    /** Not known yet. */
    OPEN,
    BY_PAYLOAD,
    BY_ORDER
  }

  /**
   * What a pong proves.
   *
   * @param messages that so many messages have arrived
   * @param strange that from now on pongs are matched by their order alone, which is to be told
   */
  record Proof(long messages, boolean strange) {}

  private record Ping(long number, long messages, long writtenAt) {}

  private final boolean receipts;
  private final long receiptIntervalNanos;
  private final long idleIntervalNanos;
  private final long tag;
  private final LongSupplier nanoTime;
  private final Runnable flusher;
  private final ObjLongConsumer<Runnable> alarm;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Ping> inFlight = new ArrayDeque<>();
  private Match match;
  private int strangeAnswers;
  private long written;
  private long proved;
  private long askedFor;
  private long pings;
  private volatile boolean wanted;
  private long wantedSince;
  private long lastPing;
  private long lastProgress;
  private boolean alarmSet;
  private boolean answered;

  /**
   * @param tag a random number of this connection, so that no unasked pong is taken for an answer
   * @param nanoTime the time, as of {@link System#nanoTime}
   * @param flusher has the output flushed soon by another thread, which writes what is wanted
   * @param alarm runs a task in so many nanoseconds
   */
  ReceiptPings(
      Pace pace,
      PongMatch match,
      long tag,
      LongSupplier nanoTime,
      Runnable flusher,
      ObjLongConsumer<Runnable> alarm) {
    this.receipts = pace.receipts();
    this.receiptIntervalNanos = pace.receiptInterval().toNanos();
    this.idleIntervalNanos = pace.idleInterval().toNanos();
    this.match = match == PongMatch.EXACT ? Match.BY_PAYLOAD : Match.OPEN;
    this.tag = tag;
    this.nanoTime = nanoTime;
    this.flusher = flusher;
    this.alarm = alarm;
    this.lastPing = nanoTime.getAsLong() - receiptIntervalNanos;
    this.lastProgress = nanoTime.getAsLong();
  }

  /** Asks for a sign of life, whatever is in flight. */
  void probe() {
    lock.lock();
    try {
      want();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a ping is to be written at the next opportunity. */
  boolean isWanted() {
    return wanted;
  }

  /**
   * A message has been written; more may follow at once. Called under the output's lock.
   *
   * @return whether a ping is to be written behind it
   */
  boolean messageWritten() {
    lock.lock();
    try {
      written++;
      return written - askedFor >= EVERY && isDue();
    } finally {
      lock.unlock();
    }
  }

  /**
   * No more messages follow for now. Called under the output's lock.
   *
   * @return as {@link #messageWritten}
   */
  boolean rowEnded() {
    lock.lock();
    try {
      return inFlight.isEmpty() && isDue();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A ping goes behind all that was written so far: its payload. Called under the output's lock.
   */
  byte[] next() {
    lock.lock();
    try {
      wanted = false;
      askedFor = written;
      lastPing = nanoTime.getAsLong();
      if (inFlight.isEmpty()) {
        lastProgress = lastPing;
      }
      inFlight.add(new Ping(++pings, written, lastPing));
      return ByteBuffer.allocate(PAYLOAD_BYTES).putLong(tag).putLong(pings).array();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A pong has come.
   *
   * @return what it proves, if it answers a ping
   */
  Optional<Proof> pong(byte @Nullable [] payload) {
    lock.lock();
    try {
      long number = numberIn(payload);
      if (number >= 1 && number <= pings) {
        match = Match.BY_PAYLOAD;
        boolean awaited = !inFlight.isEmpty() && number >= inFlight.element().number();
        return awaited ? Optional.of(proved(number, false)) : Optional.empty();
      }
      if (match == Match.BY_PAYLOAD || inFlight.isEmpty()) {
        return Optional.empty();
      }
      boolean strange = false;
      if (match == Match.OPEN) {
        strangeAnswers++;
        if (strangeAnswers < STRANGE_ANSWERS) {
          inFlight.remove();
          want();
          return Optional.empty();
        }
        match = Match.BY_ORDER;
        strange = true;
      }
      return Optional.of(proved(inFlight.element().number(), strange));
    } finally {
      lock.unlock();
    }
  }

  private Proof proved(long number, boolean strange) {
    while (!inFlight.isEmpty() && inFlight.element().number() <= number) {
      proved = inFlight.remove().messages();
    }
    answered = true;
    lastProgress = nanoTime.getAsLong();
    if (inFlight.isEmpty() && isDue()) {
      want();
    }
    return new Proof(receipts ? proved : 0, strange);
  }

  private long numberIn(byte @Nullable [] payload) {
    if (payload == null || payload.length != PAYLOAD_BYTES) {
      return -1;
    }
    ByteBuffer answer = ByteBuffer.wrap(payload);
    return answer.getLong() == tag ? answer.getLong() : -1;
  }

  /** Sends the ping that the least time between two had held back. */
  void wake() {
    lock.lock();
    try {
      alarmSet = false;
      if (inFlight.isEmpty() && isDue()) {
        want();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends a sign of life if one is due. Called every now and then. */
  void tick() {
    lock.lock();
    try {
      if (inFlight.isEmpty()
          && idleIntervalNanos > 0
          && nanoTime.getAsLong() - lastPing >= idleIntervalNanos) {
        want();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the peer owes.
   *
   * @param since since when it has answered nothing, by {@code nanoTime}: since the last answer or
   *     the ping, whichever came later; while the ping waits to be written, since anything was
   * @param inFront how many messages it has to read before it comes to the oldest ping
   * @param everAnswered whether it has ever answered a ping
   */
  record Debt(long since, long inFront, boolean everAnswered) {}

  /**
   * What the peer owes, if it does.
   *
   * @param lastWrite when anything was written last
   */
  Optional<Debt> debt(long lastWrite) {
    lock.lock();
    try {
      Ping oldest = inFlight.peek();
      if (oldest != null) {
        long since = later(oldest.writtenAt(), lastProgress);
        return Optional.of(new Debt(since, oldest.messages() - proved, answered));
      }
      return wanted
          ? Optional.of(new Debt(later(wantedSince, lastWrite), 0, answered))
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  private void want() {
    if (!wanted) {
      wanted = true;
      wantedSince = nanoTime.getAsLong();
      flusher.run();
    }
  }

  /** Whether there is something to prove now; sets the alarm if that is to be later. */
  private boolean isDue() {
    if (!receipts
        || wanted
        || written == askedFor
        || (match != Match.BY_PAYLOAD && !inFlight.isEmpty())) {
      return false;
    }
    long wait = lastPing + receiptIntervalNanos - nanoTime.getAsLong();
    if (wait > 0 && !alarmSet) {
      alarmSet = true;
      alarm.accept(this::wake, wait);
    }
    return wait <= 0;
  }
}
