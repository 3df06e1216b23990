package org.messagebusbridge.tester;

import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;

/**
 * The account of one run: every message sent, and what became of it. It does no input or output and
 * reads no clock. A call costs the same however many messages there are; a message costs 17 bytes
 * at most. Safe for use by several threads.
 *
 * <p>Round trips count from the <em>intended</em> time of sending, so a sender that falls behind
 * its schedule shows in them.
 */
final class MessageLog {

  private static final byte PENDING = 0;
  private static final byte RETURNED = 1;
  private static final byte REFUSED = 2;

  private final ReentrantLock lock = new ReentrantLock();
  private final long id;
  private final Histogram roundTrips = new Histogram(TimeUnit.HOURS.toMicros(1), 3);
  private long[] intended = new long[64];
  private short[] minuteAndSecond = new short[64];
  private byte[] state = new byte[64];
  private int sent;
  private int returned;
  private int refused;
  private long duplicated;
  private long foreign;

  /**
   * An empty account.
   *
   * @param id what marks this run's messages: 0..999,999,999,999,999,999
   */
  MessageLog(long id) {
    this.id = id;
  }

  /**
   * Enters the next message, before it is sent.
   *
   * @param intendedNanos when it was to be sent, on the scale of {@link System#nanoTime}
   * @param now the local time, for its body
   */
  TestMessage send(long intendedNanos, LocalTime now) {
    lock.lock();
    try {
      if (sent == state.length) {
        int length = Math.min(TestMessage.MAX_NUMBER, sent + (sent >> 1));
        intended = Arrays.copyOf(intended, length);
        minuteAndSecond = Arrays.copyOf(minuteAndSecond, length);
        state = Arrays.copyOf(state, length);
      }
      TestMessage message = TestMessage.at(sent + 1, id, now);
      intended[sent] = intendedNanos;
      minuteAndSecond[sent] = (short) message.minuteAndSecond();
      sent++;
      return message;
    } finally {
      lock.unlock();
    }
  }

  /** The broker did not take a message that was sent; nothing happens when it has come back. */
  void refused(TestMessage message) {
    lock.lock();
    try {
      int index = message.number() - 1;
      if (state[index] == PENDING) {
        state[index] = REFUSED;
        refused++;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Enters a message that was received.
   *
   * @param now on the scale of {@link System#nanoTime}
   */
  Receipt received(byte[] body, long now) {
    Optional<TestMessage> message = TestMessage.parse(body);
    lock.lock();
    try {
      if (message.isEmpty() || !isOurs(message.get())) {
        foreign++;
        return new Receipt.Foreign();
      }
      return received(message.get(), now);
    } finally {
      lock.unlock();
    }
  }

  private boolean isOurs(TestMessage message) {
    return message.id() == id
        && message.number() <= sent
        && message.minuteAndSecond() == minuteAndSecond[message.number() - 1];
  }

  private Receipt received(TestMessage message, long now) {
    int index = message.number() - 1;
    Duration roundTrip = Duration.ofNanos(Math.max(0, now - intended[index]));
    if (state[index] == RETURNED) {
      duplicated++;
      return new Receipt.Duplicate(message, roundTrip);
    }
    if (state[index] == REFUSED) {
      refused--;
    }
    state[index] = RETURNED;
    returned++;
    long micros = TimeUnit.NANOSECONDS.toMicros(roundTrip.toNanos());
    roundTrips.recordValue(Math.min(micros, roundTrips.getHighestTrackableValue()));
    return new Receipt.Returned(message, roundTrip);
  }

  /** How many messages were sent and neither came back nor were refused by the broker. */
  int pending() {
    lock.lock();
    try {
      return sent - returned - refused;
    } finally {
      lock.unlock();
    }
  }

  Summary summary() {
    lock.lock();
    try {
      return new Summary(
          sent,
          returned,
          refused,
          duplicated,
          foreign,
          micros(roundTrips.getValueAtPercentile(50)),
          micros(roundTrips.getValueAtPercentile(99)),
          micros(roundTrips.getMaxValue()));
    } finally {
      lock.unlock();
    }
  }

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
