package org.messagebusbridge.sandbox.bench;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;

/**
 * What comes back: an account of all of it, and the round trips and the number in each second of
 * the time that is measured. Safe for use by several threads.
 */
final class Receipts {

  private static final long NOT_YET = Long.MAX_VALUE;

  private final ReentrantLock lock = new ReentrantLock();
  private final Account account = new Account();
  private final Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
  private final Semaphore window;
  private final int[] inSecond;
  private long begin = NOT_YET;

  /**
   * No receipts yet.
   *
   * @param window is given a permit for each message that comes back for the first time
   * @param seconds how many to measure
   */
  Receipts(Semaphore window, int seconds) {
    this.window = window;
    this.inSecond = new int[seconds];
  }

  /** From now on it is measured. */
  void measure() {
    lock.lock();
    try {
      begin = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  Consumer consumer(Channel channel) {
    return new DefaultConsumer(channel) {
      @Override
      public void handleDelivery(
          String tag, Envelope envelope, BasicProperties properties, byte[] body) {
        received(Payload.of(body), System.nanoTime());
      }
    };
  }

  private void received(Payload payload, long now) {
    lock.lock();
    try {
      if (!account.received(payload.number())) {
        return;
      }
      long second = begin == NOT_YET ? inSecond.length : (now - begin) / 1_000_000_000L;
      if (second < inSecond.length) {
        inSecond[(int) second]++;
        long trip = TimeUnit.NANOSECONDS.toMicros(Math.max(0, now - payload.sentNanos()));
        micros.recordValue(Math.min(trip, micros.getHighestTrackableValue()));
      }
    } finally {
      lock.unlock();
    }
    window.release();
  }

  /**
   * The figures so far.
   *
   * @param sent how many messages were sent
   */
  Figures figures(int sent) {
    lock.lock();
    try {
      return new Figures(
          sent,
          account.received(),
          account.duplicated(),
          account.outOfOrder(),
          Arrays.stream(inSecond).boxed().toList(),
          micros.getValueAtPercentile(50) / 1e3,
          micros.getValueAtPercentile(99) / 1e3,
          micros.getValueAtPercentile(99.9) / 1e3,
          micros.getMaxValue() / 1e3);
    } finally {
      lock.unlock();
    }
  }
}
