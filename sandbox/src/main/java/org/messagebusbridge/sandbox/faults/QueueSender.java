package org.messagebusbridge.sandbox.faults;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Puts numbered, persistent messages into the queue {@code to_ws} at a fixed rate, with publisher
 * confirms, on a thread of its own. What the broker did not confirm it sends again, on a new
 * connection if need be, as the next {@link Numbered#attempt} of the same message; so every number
 * that counts as sent is in the queue when {@link #awaitConfirmed} says so.
 */
public final class QueueSender implements AutoCloseable {

  private static final int WINDOW = 2_000;

  /** So that a machine that is too slow for the rate heaps nothing up. */
  private static final int MOST_WAITING = 20_000;

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final BasicProperties PERSISTENT =
      new BasicProperties.Builder().contentType("text/plain").deliveryMode(2).build();

  private final Connector connector;
  private final String queue;
  private final Tally tally;
  private final Body body;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TreeMap<Long, Numbered> unconfirmed = new TreeMap<>();
  private final TreeMap<Integer, Numbered> again = new TreeMap<>();
  private final Thread thread;
  private Pace pace;
  private boolean sending;
  private boolean closed;
  private boolean connectionLost;
  private int limit = Integer.MAX_VALUE;
  private volatile String trouble = "";

  /** Makes the body of a message. */
  @FunctionalInterface
  public interface Body {
    byte[] of(Numbered message);
  }

  QueueSender(Connector connector, String queue, Tally tally, Body body) {
    this.connector = connector;
    this.queue = queue;
    this.tally = tally;
    this.body = body;
    this.pace = new Pace(1, System.nanoTime());
    this.thread = Thread.ofPlatform().daemon().name("faults-sender").start(this::run);
  }

  /** Sends new messages from now on, until {@link #pause}. */
  public void begin(int perSecond) {
    begin(perSecond, Integer.MAX_VALUE);
  }

  /** Sends new messages from now on, until so many are sent in all, or until {@link #pause}. */
  public void begin(int perSecond, int most) {
    change(
        () -> {
          pace = new Pace(perSecond, System.nanoTime());
          limit = most;
          sending = true;
        });
  }

  /** Sends no new messages; those without a confirm are still seen to. */
  public void pause() {
    change(() -> sending = false);
  }

  /**
   * Waits until every message that was sent is confirmed.
   *
   * @return whether that is so; false when the time has passed
   */
  public boolean awaitConfirmed(long timeoutNanos) throws InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    lock.lockInterruptibly();
    try {
      while (!(unconfirmed.isEmpty() && again.isEmpty())) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        var _ = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** What last went wrong with its connection; empty when nothing did. */
  String trouble() {
    return trouble;
  }

  private void run() {
    while (!isClosed()) {
      try (Connection connection = connector.connect("faults sender")) {
        connectionLost(false);
        connection.addShutdownListener(cause -> connectionLost(true));
        publish(connection.createChannel());
      } catch (IOException | TimeoutException | AlreadyClosedException e) {
        trouble = String.valueOf(e.getMessage());
        pauseBeforeRetry();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void publish(Channel channel) throws IOException, InterruptedException {
    channel.addShutdownListener(cause -> connectionLost(true));
    channel.addConfirmListener(
        (number, multiple) -> settled(number, multiple, false),
        (number, multiple) -> settled(number, multiple, true));
    channel.addReturnListener(
        returned -> Numbered.of(returned.getBody()).ifPresent(this::sendAgain));
    channel.confirmSelect();
    allAgain();
    for (Numbered next = next(channel); next != null; next = next(channel)) {
      channel.basicPublish("", queue, true, PERSISTENT, body.of(next));
    }
  }

  /** The next message, when it is due, noted as sent; null when the channel is of no more use. */
  private @Nullable Numbered next(Channel channel) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && !connectionLost) {
        long wait = RETRY_NANOS;
        if (unconfirmed.size() < WINDOW) {
          if (!again.isEmpty()) {
            return note(channel, again.pollFirstEntry().getValue());
          }
          if (sending && tally.sent() < limit && tally.missing() < MOST_WAITING) {
            wait = pace.nanosToNext(System.nanoTime());
            if (wait <= 0) {
              pace.sent();
              return note(channel, Numbered.first(Flow.TO_WS, tally.next()));
            }
          }
        }
        var _ = changed.awaitNanos(wait);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private Numbered note(Channel channel, Numbered message) {
    unconfirmed.put(channel.getNextPublishSeqNo(), message);
    return message;
  }

  private void settled(long number, boolean multiple, boolean refused) {
    change(
        () -> {
          var head =
              multiple
                  ? unconfirmed.headMap(number, true)
                  : unconfirmed.subMap(number, true, number, true);
          if (refused) {
            head.values().forEach(message -> again.put(message.number(), message.again()));
          }
          head.clear();
        });
  }

  /** The broker has no queue for it. */
  private void sendAgain(Numbered message) {
    change(() -> again.put(message.number(), message.again()));
  }

  private void allAgain() {
    change(
        () -> {
          unconfirmed.values().forEach(message -> again.put(message.number(), message.again()));
          unconfirmed.clear();
        });
  }

  private void connectionLost(boolean lost) {
    change(() -> connectionLost = lost);
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void pauseBeforeRetry() {
    lock.lock();
    try {
      long left = RETRY_NANOS;
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends its connection and its thread. */
  @Override
  public void close() {
    change(() -> closed = true);
    thread.interrupt();
  }
}
