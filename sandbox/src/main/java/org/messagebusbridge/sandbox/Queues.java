package org.messagebusbridge.sandbox;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** What a {@link Broker} does to its queues by ordinary AMQP, on a connection of its own each. */
final class Queues {

  private Queues() {}

  static void declareDurable(Broker broker, String queue) {
    onChannel(
        broker,
        "declare queue " + queue,
        channel -> channel.queueDeclare(queue, true, false, false, Map.of()));
  }

  static long readyMessages(Broker broker, String queue) {
    return onChannel(broker, "read the depth of queue " + queue, c -> c.messageCount(queue));
  }

  private static <T> T onChannel(Broker broker, String what, ChannelCall<T> call) {
    try (Connection connection = broker.connectionFactory().newConnection("sandbox");
        Channel channel = connection.createChannel()) {
      return call.on(channel);
    } catch (IOException | TimeoutException e) {
      throw new SandboxException(
          "%s on port %d refused to %s: %s"
              .formatted(broker.name(), broker.port(), what, reason(e)),
          e);
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage());
  }

  private interface ChannelCall<T> {
    T on(Channel channel) throws IOException;
  }
}
