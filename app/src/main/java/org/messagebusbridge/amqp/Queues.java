package org.messagebusbridge.amqp;

import static com.rabbitmq.client.AMQP.NOT_FOUND;
import static com.rabbitmq.client.AMQP.PRECONDITION_FAILED;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.amqp.AmqpFailures.Wish;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.config.AmqpConfig;
import org.messagebusbridge.config.AmqpConfig.QueueType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queues, created when missing and taken as they are when present. */
final class Queues {
  private static final int NEVER_REACHED = 1_000_000_000;

  private static final Logger log = LoggerFactory.getLogger(Queues.class);

  private final Optional<QueueType> type;
  private final AmqpFailures failures;

  Queues(AmqpConfig config, AmqpFailures failures) {
    this.type = config.queueType();
    this.failures = failures;
  }

  /**
   * Makes sure that there is such a queue. Each question costs a channel, for the broker closes it
   * when the answer is no.
   *
   * @throws BusException when there is none and none can be made, or it is another connection's own
   */
  void ensure(Connection connection, String queue) throws BusException {
    if (exists(connection, queue)) {
      return;
    }
    Map<String, Object> arguments = arguments(connection.getServerProperties());
    try {
      Channel channel = Wire.channel(connection);
      channel.queueDeclare(queue, true, false, false, arguments);
      close(channel);
      log.atInfo()
          .addKeyValue("queue", queue)
          .addKeyValue("arguments", arguments)
          .log("Created a queue");
    } catch (IOException | ShutdownSignalException e) {
      boolean createdByAnother =
          Reply.of(e).filter(reply -> reply.code() == PRECONDITION_FAILED).isPresent();
      if (!createdByAnother || !exists(connection, queue)) {
        throw failures.queue(Wish.CREATE, queue, e);
      }
    }
  }

  private boolean exists(Connection connection, String queue) throws BusException {
    try {
      Channel channel = Wire.channel(connection);
      channel.queueDeclarePassive(queue);
      close(channel);
      return true;
    } catch (IOException | ShutdownSignalException e) {
      if (Reply.of(e).filter(reply -> reply.code() == NOT_FOUND).isPresent()) {
        return false;
      }
      throw failures.queue(Wish.LOOK, queue, e);
    }
  }

  private static void close(Channel channel) throws IOException {
    channel.abort();
  }

  /**
   * A quorum queue of RabbitMQ 4.x drops a message at its 21st delivery unless it has a delivery
   * limit of its own. With none (-1) what is given back goes to the end of the queue; with one that
   * is never reached it goes back to its place. A classic queue refuses the argument, so it is
   * given where the type is stated and the version is known, nowhere else.
   */
  private Map<String, Object> arguments(@Nullable Map<String, Object> server) {
    Map<String, Object> arguments = new TreeMap<>();
    type.ifPresent(t -> arguments.put("x-queue-type", t.name().toLowerCase(Locale.ROOT)));
    if (type.filter(QueueType.QUORUM::equals).isPresent() && isRabbitMq4(server)) {
      arguments.put("x-delivery-limit", NEVER_REACHED);
    }
    return arguments;
  }

  static boolean isRabbitMq4(@Nullable Map<String, Object> server) {
    if (server == null || !String.valueOf(server.get("product")).equals("RabbitMQ")) {
      return false;
    }
    String major = String.valueOf(server.get("version")).split("\\.", 2)[0];
    return major.matches("\\d{1,4}") && Integer.parseInt(major) >= 4;
  }
}
