package org.messagebusbridge.amqp;

import static com.rabbitmq.client.AMQP.ACCESS_REFUSED;
import static com.rabbitmq.client.AMQP.NOT_FOUND;
import static com.rabbitmq.client.AMQP.PRECONDITION_FAILED;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.amqp.AmqpConfig.QueueType;
import org.messagebusbridge.amqp.AmqpFailures.Wish;
import org.messagebusbridge.bus.BusException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queues, created when missing and taken as they are when present. */
final class Queues {
  private static final int NEVER_REACHED = 1_000_000_000;

  /**
   * RabbitMQ 4.3 shows a queue to nobody who has no permission on it at all (before, to everybody);
   * such a user may not create it either, and that says so.
   */
  private static final Set<Integer> NOT_SEEN = Set.of(NOT_FOUND, ACCESS_REFUSED);

  /** How long a broker in alarm, which reads nothing that is published, is waited for. */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  /** How long a broker that was away counts no consumers before it counts those of before. */
  private static final Duration UNAWARE = Duration.ofSeconds(2);

  /** After which whoever still consumes the queue is taken for another instance. */
  private static final Duration UNAWARE_AT_MOST = Duration.ofSeconds(4);

  private static final Duration LOOK = Duration.ofMillis(20);

  private static final String DELIVERY_LIMIT = "x-delivery-limit";
  private static final String STREAM_OFFSET = "x-stream-offset";

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
      if (Reply.of(e).filter(reply -> NOT_SEEN.contains(reply.code())).isPresent()) {
        return false;
      }
      throw failures.queue(Wish.LOOK, queue, e);
    }
  }

  /**
   * Makes sure that the queue can be consumed, without taking a message from it: it is asked for a
   * consumer with an argument that streams alone know. Any other queue refuses that, when it has
   * found that the user may read. RabbitMQ alone has streams, from 3.9 on.
   *
   * @return whether the broker counts the queue's deliveries and drops a message by that: a quorum
   *     queue of RabbitMQ 4 without the limit that the bridge gives those that it makes
   * @throws BusException when it is a stream, or the user may not read it
   */
  boolean examine(Connection connection, String queue) throws BusException {
    Map<String, Object> server = connection.getServerProperties();
    if (!isRabbitMq(server)) {
      return false;
    }
    try {
      Channel channel = Wire.channel(connection);
      channel.basicQos(1);
      channel.basicConsume(
          queue,
          false,
          "",
          false,
          false,
          Map.of(STREAM_OFFSET, "next"),
          new DefaultConsumer(channel));
      close(channel);
      throw failures.stream(queue);
    } catch (IOException | ShutdownSignalException e) {
      Optional<Reply> reply = Reply.of(e).filter(refused -> refused.code() == PRECONDITION_FAILED);
      if (reply.isEmpty()) {
        throw failures.queue(Wish.CONSUME, queue, e);
      }
      // The broker's name for the type, which no other answer has.
      return isRabbitMq4(server)
          && !reply.get().text().contains("rabbit_classic_queue")
          && !hasOurLimit(connection, queue);
    }
  }

  /**
   * Waits until a broker that was away has taken back what earlier connections had out. A quorum
   * queue is served again before it has noticed whose consumers died with the node, and would hand
   * out newer messages first. It counts no consumers at the very first, for up to 0.6 s, then those
   * of before, for up to 0.5 s, then none (measured on 3.10, 4.0 and 4.3). Where another instance
   * consumes the queue too, this takes 4 s and may be in vain.
   */
  void awaitTakenBack(Connection connection, String queue)
      throws BusException, InterruptedException {
    if (!isRabbitMq(connection.getServerProperties())) {
      return;
    }
    try {
      Channel channel = Wire.channel(connection);
      long began = System.nanoTime();
      boolean aware = false;
      boolean consumed;
      do {
        Thread.sleep(LOOK);
        consumed = channel.queueDeclarePassive(queue).getConsumerCount() > 0;
        aware |= consumed;
      } while ((consumed || !aware)
          && System.nanoTime() - began < (aware ? UNAWARE_AT_MOST : UNAWARE).toNanos());
      close(channel);
    } catch (IOException | ShutdownSignalException e) {
      throw failures.queue(Wish.LOOK, queue, e);
    }
  }

  /** A queue that is declared with other arguments than it has is refused. */
  private boolean hasOurLimit(Connection connection, String queue) throws BusException {
    Map<String, Object> arguments = arguments(connection.getServerProperties());
    if (!arguments.containsKey(DELIVERY_LIMIT)) {
      return false;
    }
    try {
      Channel channel = Wire.channel(connection);
      channel.queueDeclare(queue, true, false, false, arguments);
      close(channel);
      return true;
    } catch (IOException | ShutdownSignalException e) {
      if (Reply.of(e).isEmpty()) {
        throw failures.lost(e);
      }
      return false;
    }
  }

  /**
   * Makes sure that the user may publish: a message that goes nowhere is published. A broker in
   * alarm does not answer, which is no refusal.
   *
   * @throws BusException when the user may not, or the connection is lost
   */
  void requireToPublish(Connection connection) throws BusException, InterruptedException {
    if (!isRabbitMq(connection.getServerProperties())) {
      return;
    }
    try {
      Channel channel = Wire.channel(connection);
      channel.confirmSelect();
      channel.basicPublish("", "mbb." + UUID.randomUUID(), null, new byte[0]);
      boolean _ = channel.waitForConfirms(ANSWER.toMillis());
      close(channel);
    } catch (TimeoutException e) {
      log.debug("The broker does not say whether the user may publish", e);
    } catch (IOException | ShutdownSignalException e) {
      throw failures.lost(e);
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
      arguments.put(DELIVERY_LIMIT, NEVER_REACHED);
    }
    return arguments;
  }

  private static boolean isRabbitMq(@Nullable Map<String, Object> server) {
    return server != null && String.valueOf(server.get("product")).equals("RabbitMQ");
  }

  private static boolean isRabbitMq4(@Nullable Map<String, Object> server) {
    if (server == null || !isRabbitMq(server)) {
      return false;
    }
    String major = String.valueOf(server.get("version")).split("\\.", 2)[0];
    return major.matches("\\d{1,4}") && Integer.parseInt(major) >= 4;
  }
}
