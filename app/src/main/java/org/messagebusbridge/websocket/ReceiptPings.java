package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.WebSocketFrame;
import com.neovisionaries.ws.client.WebSocketOpcode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The proof that the peer has what was written: a ping that carries how many messages were written
 * before it, which the peer has to give back in a pong (RFC 6455, sections 5.5.2 and 5.5.3). Pongs
 * come in the order of the stream, so the one with number <em>n</em> proves that messages 1 to
 * <em>n</em> have arrived.
 *
 * <p>The thread that sends messages writes the ping itself, behind them. Any other thread must not
 * wait for the peer, so it has the library's writing thread write it; the number is put in when
 * that begins, {@link #writing}.
 *
 * <p>One ping is in flight at a time: the next goes when the last was answered and there is
 * something new to prove, or as a sign of life when the connection was idle. For any thread.
 */
final class ReceiptPings {
  /** A tag that no one else's pong has, and the number: two longs. */
  private static final int PAYLOAD_BYTES = 2 * Long.BYTES;

  /** So many messages are proved together while more are still being written. */
  private static final int ENOUGH = 64;

  /**
   * When to ping.
   *
   * @param receipts whether messages are to be proved; else there are signs of life alone
   * @param receiptInterval the least time between two pings that prove; zero: none
   * @param idleInterval the time after which an idle connection is pinged; zero: never
   */
  record Pace(boolean receipts, Duration receiptInterval, Duration idleInterval) {}

  /** How far the one ping has come. */
  private enum Ping {
    NONE,
    /** The library has it, without a number. */
    QUEUED,
    /** It has its number, and may be answered as soon as it is written. */
    NUMBERED,
    WRITTEN
  }

  private final boolean receipts;
  private final long receiptIntervalNanos;
  private final long idleIntervalNanos;
  private final long tag;
  private final LongSupplier nanoTime;
  private final Consumer<WebSocketFrame> sender;
  private final LongConsumer alarm;

  private final ReentrantLock lock = new ReentrantLock();
  private long written;
  private long proved;
  private Ping ping = Ping.NONE;
  private @Nullable WebSocketFrame queued;
  private long number;
  private long asked;
  private long lastPing;
  private boolean alarmSet;

  /**
   * @param tag a random number of this connection, so that no unasked pong is taken for an answer
   * @param nanoTime the time, as of {@link System#nanoTime}
   * @param sender queues a ping for the library's writing thread; does not wait
   * @param alarm asked to call {@link #wake} in so many nanoseconds
   */
  ReceiptPings(
      Pace pace,
      long tag,
      LongSupplier nanoTime,
      Consumer<WebSocketFrame> sender,
      LongConsumer alarm) {
    this.receipts = pace.receipts();
    this.receiptIntervalNanos = pace.receiptInterval().toNanos();
    this.idleIntervalNanos = pace.idleInterval().toNanos();
    this.tag = tag;
    this.nanoTime = nanoTime;
    this.sender = sender;
    this.alarm = alarm;
    this.lastPing = nanoTime.getAsLong() - receiptIntervalNanos;
  }

  /**
   * A message has been written; more may follow at once. Called by the thread that writes them.
   *
   * @return the payload of a ping that this thread is to write now, if one is due
   */
  Optional<byte[]> messageWritten() {
    lock.lock();
    try {
      written++;
      return written - proved >= ENOUGH ? pingNow() : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * No more messages follow for now. Called by the thread that writes them.
   *
   * @return as {@link #messageWritten}
   */
  Optional<byte[]> rowEnded() {
    lock.lock();
    try {
      return pingNow();
    } finally {
      lock.unlock();
    }
  }

  /** The library is about to write a frame: if it is our ping, it gets its number. */
  void writing(WebSocketFrame frame) {
    lock.lock();
    try {
      if (frame.equals(queued)) {
        frame.setPayload(numbered());
      }
    } finally {
      lock.unlock();
    }
  }

  /** A ping was written, by whichever thread. */
  void pingWritten() {
    lock.lock();
    try {
      if (ping == Ping.NUMBERED) {
        ping = Ping.WRITTEN;
        asked = nanoTime.getAsLong();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * A pong has come.
   *
   * @return how many messages it proves to have arrived, when these are more than before
   */
  OptionalLong pong(byte @Nullable [] payload) {
    lock.lock();
    try {
      if (ping.compareTo(Ping.NUMBERED) < 0 || payload == null || payload.length != PAYLOAD_BYTES) {
        return OptionalLong.empty();
      }
      ByteBuffer answer = ByteBuffer.wrap(payload);
      if (answer.getLong() != tag || answer.getLong() != number) {
        return OptionalLong.empty();
      }
      ping = Ping.NONE;
      queued = null;
      boolean news = number > proved;
      proved = number;
      prove();
      return news && receipts ? OptionalLong.of(number) : OptionalLong.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Sends the ping that the least time between two had held back. */
  void wake() {
    lock.lock();
    try {
      alarmSet = false;
      prove();
    } finally {
      lock.unlock();
    }
  }

  /** Sends a sign of life if one is due. Called every now and then. */
  void tick() {
    lock.lock();
    try {
      if (ping == Ping.NONE
          && idleIntervalNanos > 0
          && nanoTime.getAsLong() - lastPing >= idleIntervalNanos) {
        queue();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Since when the peer owes an answer, by {@code nanoTime}: since the ping was written; while it
   * waits for that, since it was asked for or anything was written last.
   *
   * @param lastWrite when anything was written last
   */
  OptionalLong unansweredSince(long lastWrite) {
    lock.lock();
    try {
      if (ping == Ping.NONE) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(ping == Ping.WRITTEN || lastWrite - asked < 0 ? asked : lastWrite);
    } finally {
      lock.unlock();
    }
  }

  private Optional<byte[]> pingNow() {
    if (!isDue()) {
      return Optional.empty();
    }
    begin();
    return Optional.of(numbered());
  }

  private void prove() {
    if (isDue()) {
      queue();
    }
  }

  /** Whether there is something to prove now; sets the alarm if that is to be later. */
  private boolean isDue() {
    if (!receipts || ping != Ping.NONE || written == proved) {
      return false;
    }
    long wait = lastPing + receiptIntervalNanos - nanoTime.getAsLong();
    if (wait > 0 && !alarmSet) {
      alarmSet = true;
      alarm.accept(wait);
    }
    return wait <= 0;
  }

  private void queue() {
    WebSocketFrame frame = new WebSocketFrame().setFin(true).setOpcode(WebSocketOpcode.PING);
    begin();
    ping = Ping.QUEUED;
    queued = frame;
    sender.accept(frame);
  }

  private void begin() {
    asked = nanoTime.getAsLong();
    lastPing = asked;
  }

  private byte[] numbered() {
    ping = Ping.NUMBERED;
    number = written;
    return ByteBuffer.allocate(PAYLOAD_BYTES).putLong(tag).putLong(number).array();
  }
}
