package org.messagebusbridge.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Message.Form;
import org.messagebusbridge.sandbox.Broker;

/** What a firm's own systems do with the two queues: publish to one, consume the other. */
final class Queues implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 120;
  private final Connection connection;

  Queues(Broker broker) throws IOException, TimeoutException {
    connection = broker.connectionFactory().newConnection("end-to-end test");
  }

  /** Publishes messages 1 to {@code count} of this traffic and waits for the broker to confirm. */
  void publish(String queue, Traffic traffic, int count) throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      for (int n = 1; n <= count; n++) {
        Message message = traffic.message(n);
        AMQP.BasicProperties properties =
            new AMQP.BasicProperties.Builder()
                .deliveryMode(2)
                .contentType(
                    message.form() == Form.TEXT ? "text/plain" : "application/octet-stream")
                .build();
        channel.basicPublish("", queue, properties, message.body());
        if (n % 1_000 == 0) {
          channel.waitForConfirmsOrDie(60_000);
        }
      }
      channel.waitForConfirmsOrDie(60_000);
    }
  }

  /** Publishes one message and waits for the broker to confirm. */
  void publish(String queue, byte[] body) throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      channel.basicPublish("", queue, null, body);
      channel.waitForConfirmsOrDie(60_000);
    }
  }

  /**
   * Publishes one message as soon as there is a queue of that name; false when there is none in
   * time.
   */
  boolean publishUntilRouted(String queue, byte[] body) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline) {
      try (Channel channel = connection.createChannel()) {
        channel.queueDeclarePassive(queue);
        publish(queue, body);
        return true;
      } catch (IOException | AlreadyClosedException e) {
        LockSupport.parkNanos(20_000_000); // not there yet
      }
    }
    return false;
  }

  /** How many consumers the queue has now. */
  int consumers(String queue) {
    try (Channel channel = connection.createChannel()) {
      return channel.queueDeclarePassive(queue).getConsumerCount();
    } catch (IOException | TimeoutException e) {
      throw new IllegalStateException("The broker did not say who consumes " + queue, e);
    }
  }

  /** Waits for the next message of the queue, and acknowledges it. */
  byte[] take(String queue) throws Exception {
    BlockingQueue<byte[]> bodies = new LinkedBlockingQueue<>();
    try (Channel channel = connection.createChannel()) {
      channel.basicQos(1);
      channel.basicConsume(
          queue,
          new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(
                String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                throws IOException {
              if (bodies.isEmpty()) {
                channel.basicAck(envelope.getDeliveryTag(), false);
                bodies.add(body);
              }
            }
          });
      byte[] body = bodies.poll(60, TimeUnit.SECONDS);
      if (body == null) {
        throw new AssertionError("no message in " + queue + " in 60 s");
      }
      return body;
    }
  }

  /**
   * Takes all there is in the queue, acknowledging it.
   *
   * @return the bodies, in order
   */
  List<byte[]> drain(String queue) throws IOException, TimeoutException {
    List<byte[]> bodies = new ArrayList<>();
    try (Channel channel = connection.createChannel()) {
      for (GetResponse next = channel.basicGet(queue, true);
          next != null;
          next = channel.basicGet(queue, true)) {
        bodies.add(next.getBody());
      }
    }
    return bodies;
  }

  /**
   * Consumes until {@code count} messages have come, and checks that they are 1 to {@code count} of
   * this traffic, in order and byte for byte, none redelivered.
   *
   * @return how many came in all
   */
  int consume(String queue, Traffic traffic, int count) throws Exception {
    AtomicInteger received = new AtomicInteger();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    try (Channel channel = connection.createChannel()) {
      channel.basicQos(1_000);
      channel.basicConsume(
          queue,
          new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(
                String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                throws IOException {
              int number = received.incrementAndGet();
              try {
                check(number, traffic.message(number), envelope, properties, body);
              } catch (AssertionError e) {
                failure.compareAndSet(null, e);
                done.countDown();
              }
              if (number % 100 == 0 || number >= count) {
                channel.basicAck(envelope.getDeliveryTag(), true);
              }
              if (number >= count) {
                done.countDown();
              }
            }
          });
      boolean inTime = done.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
      Throwable failed = failure.get();
      if (failed != null) {
        throw new AssertionError(failed);
      }
      assertThat(inTime).as("%s of %s came in time", received, count).isTrue();
    }
    return received.get();
  }

  private static void check(
      int number,
      Message expected,
      Envelope envelope,
      AMQP.BasicProperties properties,
      byte[] body) {
    assertThat(body).as("body of message %s", number).isEqualTo(expected.body());
    assertThat(envelope.isRedeliver()).isFalse();
    assertThat(properties.getContentType())
        .isEqualTo(expected.form() == Form.TEXT ? "text/plain" : "application/octet-stream");
    assertThat(properties.getExpiration()).isEqualTo("300000");
    assertThat(properties.getDeliveryMode()).isEqualTo(2);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
