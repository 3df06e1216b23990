package org.messagebusbridge.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.messagebusbridge.sandbox.Broker;

/** Another client of the same broker. */
final class OtherSide implements AutoCloseable {
  private final Connection connection;
  private final Channel channel;

  OtherSide(Broker broker) throws IOException, TimeoutException {
    connection = broker.connectionFactory().newConnection("the other side");
    channel = connection.createChannel();
    channel.confirmSelect();
  }

  Channel channel() {
    return channel;
  }

  Connection connection() {
    return connection;
  }

  void publish(String queue, String... bodies) throws Exception {
    for (String body : bodies) {
      publish(queue, new BasicProperties(), body.getBytes(UTF_8));
    }
  }

  void publish(String queue, BasicProperties properties, byte[] body) throws Exception {
    channel.basicPublish("", queue, true, properties, body);
    channel.waitForConfirmsOrDie(60_000);
  }

  /** A durable queue of the broker's default type. */
  String declare(String queue) throws IOException {
    return declare(queue, Map.of());
  }

  String declare(String queue, Map<String, Object> arguments) throws IOException {
    return channel.queueDeclare(queue, true, false, false, arguments).getQueue();
  }

  /** Deletes the queue if it is there. */
  void deleteIfPresent(String queue) throws IOException, TimeoutException {
    Channel own = connection.createChannel();
    try {
      own.queueDeclarePassive(queue);
      own.queueDelete(queue);
      own.close();
    } catch (IOException e) {
      if (own.isOpen()) {
        throw e;
      }
    }
  }

  /** Takes the next message of an existing queue, waiting a minute for it at most. */
  Delivery take(String queue) throws Exception {
    return take(queue, 1).getFirst();
  }

  /** Takes so many messages of an existing queue, waiting a minute for each at most. */
  List<Delivery> take(String queue, int count) throws Exception {
    BlockingQueue<Delivery> arriving = new LinkedBlockingQueue<>();
    List<Delivery> taken = new ArrayList<>();
    Channel own = connection.createChannel();
    own.basicQos(count);
    String tag = own.basicConsume(queue, false, (t, delivery) -> arriving.add(delivery), t -> {});
    while (taken.size() < count) {
      Delivery next = arriving.poll(60, TimeUnit.SECONDS);
      if (next == null) {
        throw new TimeoutException(taken.size() + " of " + count + " came from " + queue);
      }
      taken.add(next);
    }
    own.basicCancel(tag);
    own.basicAck(taken.getLast().getEnvelope().getDeliveryTag(), true);
    own.close();
    return taken;
  }

  /** Takes exactly so many messages, waiting for them; fails when there are more. */
  List<String> takeAll(String queue, int count) throws Exception {
    List<String> bodies = new ArrayList<>();
    for (Delivery delivery : take(queue, count)) {
      bodies.add(new String(delivery.getBody(), UTF_8));
    }
    bodies.addAll(drain(queue));
    return bodies;
  }

  /** Takes what is there now: what a lost consumer held may come back a moment later. */
  private List<String> drain(String queue) throws Exception {
    List<String> bodies = new ArrayList<>();
    for (GetResponse next = channel.basicGet(queue, true);
        next != null;
        next = channel.basicGet(queue, true)) {
      bodies.add(new String(next.getBody(), UTF_8));
    }
    return bodies;
  }

  @Override
  public void close() throws IOException {
    connection.abort(2_000);
  }
}
