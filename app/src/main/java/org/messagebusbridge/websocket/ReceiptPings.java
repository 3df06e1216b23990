package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.WebSocketFrame;
import com.neovisionaries.ws.client.WebSocketOpcode;
import java.nio.ByteBuffer;
import java.time.Duration;
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
 * <p>The library lets a ping overtake messages that wait to be written. So the number is put in at
 * the last moment, {@link #writing}, by the thread that writes.
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
  private @Nullable WebSocketFrame ping;
  private boolean pingWritten;
  private long number;
  private long asked;
  private long lastPing;
  private boolean alarmSet;

  /**
   * @param tag a random number of this connection, so that no unasked pong is taken for an answer
   * @param nanoTime the time, as of {@link System#nanoTime}
   * @param sender takes the pings; does not wait
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
   * A message has been written. Called by the thread that writes.
   *
   * @param more whether more messages wait to be written right now
   */
  void messageWritten(boolean more) {
    lock.lock();
    try {
      written++;
      if (!more || written - proved >= ENOUGH) {
        prove();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A frame is about to be written: if it is our ping, it gets its number. */
  void writing(WebSocketFrame frame) {
    lock.lock();
    try {
      if (frame.equals(ping)) {
        number = written;
        frame.setPayload(ByteBuffer.allocate(PAYLOAD_BYTES).putLong(tag).putLong(number).array());
        pingWritten = true;
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
      if (!pingWritten || payload == null || payload.length != PAYLOAD_BYTES) {
        return OptionalLong.empty();
      }
      ByteBuffer answer = ByteBuffer.wrap(payload);
      if (answer.getLong() != tag || answer.getLong() != number) {
        return OptionalLong.empty();
      }
      ping = null;
      pingWritten = false;
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
      if (ping == null
          && idleIntervalNanos > 0
          && nanoTime.getAsLong() - lastPing >= idleIntervalNanos) {
        send();
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
      if (ping == null) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(pingWritten || lastWrite - asked < 0 ? asked : lastWrite);
    } finally {
      lock.unlock();
    }
  }

  private void prove() {
    if (!receipts || ping != null || written == proved) {
      return;
    }
    long wait = lastPing + receiptIntervalNanos - nanoTime.getAsLong();
    if (wait <= 0) {
      send();
    } else if (!alarmSet) {
      alarmSet = true;
      alarm.accept(wait);
    }
  }

  private void send() {
    WebSocketFrame frame = new WebSocketFrame().setFin(true).setOpcode(WebSocketOpcode.PING);
    ping = frame;
    asked = nanoTime.getAsLong();
    lastPing = asked;
    sender.accept(frame);
  }
}
