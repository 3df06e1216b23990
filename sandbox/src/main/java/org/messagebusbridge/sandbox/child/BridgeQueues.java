package org.messagebusbridge.sandbox.child;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * The two queues of one run, made when it begins and gone when it ends. Used by one thread at a
 * time.
 */
public final class BridgeQueues implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(20);

  private final Connection connection;
  private final Channel channel;
  private final String toWs;
  private final String fromWs;

  private BridgeQueues(Connection connection, Channel channel, String toWs, String fromWs) {
    this.connection = connection;
    this.channel = channel;
    this.toWs = toWs;
    this.fromWs = fromWs;
  }

  /**
   * Creates both queues, durable, of the broker's default type.
   *
   * @throws SandboxException when the broker cannot be reached or refuses
   */
  public static BridgeQueues create(BrokerUri broker, String toWs, String fromWs) {
    return create(broker, toWs, fromWs, Map.of());
  }

  /**
   * Creates both queues, durable.
   *
   * @param arguments of both, such as {@code x-queue-type}
   * @throws SandboxException when the broker cannot be reached or refuses
   */
  public static BridgeQueues create(
      BrokerUri broker, String toWs, String fromWs, Map<String, Object> arguments) {
    try {
      Connection connection = broker.connectionFactory().newConnection("mbb sandbox");
      Channel channel = connection.createChannel();
      for (String queue : List.of(toWs, fromWs)) {
        channel.queueDeclare(queue, true, false, false, arguments);
      }
      return new BridgeQueues(connection, channel, toWs, fromWs);
    } catch (IOException | TimeoutException e) {
      throw new SandboxException(
          "The broker at %s cannot be used (%s); check the URI: address, user, password and virtual host."
              .formatted(broker.address(), reason(e)),
          e);
    }
  }

  /**
   * Waits until the bridge consumes, which it does when both of its sides are connected.
   *
   * @return whether it came to that; false when the time has passed, or {@code givenUp} became true
   */
  public boolean awaitConsumer(Duration timeout, BooleanSupplier givenUp)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (channel.queueDeclarePassive(toWs).getConsumerCount() == 0) {
        if (givenUp.getAsBoolean() || System.nanoTime() > deadline) {
          return false;
        }
        TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
      }
      return true;
    } catch (IOException | AlreadyClosedException e) {
      throw new SandboxException("The broker ended the connection: " + reason(e) + ".", e);
    }
  }

  /** Deletes both queues with what is in them. */
  @Override
  public void close() {
    try {
      channel.queueDelete(toWs);
      channel.queueDelete(fromWs);
    } catch (IOException | AlreadyClosedException e) {
      // the broker is gone, and on an embedded one the queues are gone with it
    } finally {
      connection.abort(2_000);
    }
  }

  private static String reason(Exception failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ShutdownSignalException signal) {
      switch (signal.getReason()) {
        case AMQP.Connection.Close close -> {
          return close.getReplyText();
        }
        case AMQP.Channel.Close close -> {
          return close.getReplyText();
        }
        case null, default -> {}
      }
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
