package org.messagebusbridge.sandbox.faults;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * Takes what comes into a queue, for as long as it is open, over as many connections as that takes:
 * acknowledged after it was heard, so none is lost here. What the queue marks as redelivered was
 * out to this receiver on a connection that was lost.
 */
public final class QueueReceiver implements AutoCloseable {

  private static final int PREFETCH = 1_000;
  private static final int ACKNOWLEDGED_TOGETHER = 50;
  private static final long RETRY_MILLIS = 100;

  private final Connector connector;
  private final String queue;
  private final Listener listener;
  private final Thread thread;
  private volatile boolean closed;

  /** Hears of each message, on a thread of the connection. */
  @FunctionalInterface
  public interface Listener {
    void received(byte[] body, BasicProperties properties, boolean redelivered);
  }

  QueueReceiver(Connector connector, String queue, Listener listener) {
    this.connector = connector;
    this.queue = queue;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("faults-receiver").start(this::run);
  }

  /** Takes account of what comes. */
  static QueueReceiver counting(Connector connector, String queue, Flow flow, Tally tally) {
    return new QueueReceiver(
        connector,
        queue,
        (body, properties, redelivered) ->
            Numbered.of(body)
                .filter(message -> message.flow() == flow)
                .ifPresentOrElse(message -> tally.received(message, redelivered), tally::foreign));
  }

  private void run() {
    try {
      while (!closed) {
        try (Connection connection = connector.connect("faults receiver")) {
          consume(connection.createChannel());
        } catch (IOException | TimeoutException | AlreadyClosedException e) {
          // again, until it is closed
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private void consume(Channel channel) throws IOException, InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    channel.basicQos(PREFETCH);
    channel.basicConsume(
        queue,
        false,
        new DefaultConsumer(channel) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, BasicProperties properties, byte[] body)
              throws IOException {
            listener.received(body, properties, envelope.isRedeliver());
            if (envelope.getDeliveryTag() % ACKNOWLEDGED_TOGETHER == 0) {
              channel.basicAck(envelope.getDeliveryTag(), true);
            }
          }

          @Override
          public void handleCancel(String tag) {
            over.countDown();
          }

          @Override
          public void handleShutdownSignal(String tag, ShutdownSignalException cause) {
            over.countDown();
          }
        });
    over.await();
  }

  /** Ends its connection; what was heard and not acknowledged yet goes back to the queue. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("Interrupted while a receiver ended.", e);
    }
  }
}
