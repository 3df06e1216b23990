package org.messagebusbridge.tester;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.messagebusbridge.sandbox.Broker;

/** Puts another's messages into a queue, and takes all out of it. */
final class TestQueues {

  private TestQueues() {}

  /** Publishes messages of another tester, persistent and confirmed; returns their bodies. */
  static List<String> putForeign(Broker broker, String queue, int number) throws Exception {
    List<String> bodies =
        IntStream.rangeClosed(1, number).mapToObj(n -> "Test msg #" + n + " (99.0000)").toList();
    try (Connection connection = broker.connectionFactory().newConnection();
        Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      for (String body : bodies) {
        channel.basicPublish("", queue, null, body.getBytes(UTF_8));
      }
      channel.waitForConfirmsOrDie(60_000);
    }
    return bodies;
  }

  /** Consumes all that is in the queue, in its order. */
  static List<String> takeAll(Broker broker, String queue) throws Exception {
    List<String> bodies = new ArrayList<>();
    try (Connection connection = broker.connectionFactory().newConnection();
        Channel channel = connection.createChannel()) {
      for (GetResponse got = channel.basicGet(queue, true);
          got != null;
          got = channel.basicGet(queue, true)) {
        bodies.add(new String(got.getBody(), UTF_8));
      }
    }
    return bodies;
  }
}
