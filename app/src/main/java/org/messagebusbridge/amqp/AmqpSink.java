package org.messagebusbridge.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Sink;

/**
 * A publisher with confirms to a queue, by way of the default exchange. Every message is mandatory:
 * should the queue be gone, the broker returns the message, and though it confirms it too the
 * connection is taken for lost, so that the next one makes the queue again and the message is sent
 * again.
 */
final class AmqpSink implements Sink, ConfirmListener {
  private static final String DEFAULT_EXCHANGE = "";

  private final Wire wire;
  private final Channel channel;
  private final String queue;
  private final AmqpFailures failures;
  private final Lifetime lifetime;
  private final AtomicLong maxMessageBytes;
  private final Map<String, BasicProperties> properties;
  private volatile @Nullable Confirmations confirmations;
  private long sent;

  /**
   * @param wire what the channel is of
   * @param channel in confirm mode, for this sink alone; it is this listener's to hear of
   * @param maxMessageBytes what the broker is known to take, for all connections of the bus
   */
  AmqpSink(
      Wire wire,
      Channel channel,
      AmqpConfig config,
      AmqpFailures failures,
      Lifetime lifetime,
      AtomicLong maxMessageBytes) {
    this.wire = wire;
    this.channel = channel;
    this.queue = config.queueFromWs();
    this.failures = failures;
    this.lifetime = lifetime;
    this.maxMessageBytes = maxMessageBytes;
    this.properties =
        Map.of(
            ContentTypes.TEXT, properties(config, ContentTypes.TEXT),
            ContentTypes.BINARY, properties(config, ContentTypes.BINARY));
    channel.addConfirmListener(this);
    channel.addReturnListener(returned -> lifetime.lose(failures.returned()));
  }

  private static BasicProperties properties(AmqpConfig config, String contentType) {
    return new BasicProperties.Builder()
        .contentType(contentType)
        .deliveryMode(config.get(AmqpKeys.PERSISTENT) ? 2 : 1)
        .expiration(Long.toString(config.get(AmqpKeys.TTL_FROM_WS).toMillis()))
        .build();
  }

  @Override
  public void start(Confirmations heard) {
    confirmations = heard;
  }

  @Override
  public long send(Message message) {
    sent++;
    if (!lifetime.isOver()) {
      wire.cork();
      try {
        channel.basicPublish(
            DEFAULT_EXCHANGE,
            queue,
            true,
            properties.get(ContentTypes.of(message)),
            message.body());
      } catch (IOException | ShutdownSignalException e) {
        lifetime.lose(failures.lost(e));
      }
    }
    return sent;
  }

  @Override
  public void flush() {
    try {
      wire.uncork();
    } catch (IOException e) {
      lifetime.lose(failures.lost(e));
    }
  }

  /** The connection's own heartbeat stands for the broker, which answers no other question. */
  @Override
  public void probe() {
    Confirmations heard = confirmations;
    if (heard != null) {
      lifetime.whileItLasts(heard::alive);
    }
  }

  @Override
  public long maxMessageBytes() {
    return maxMessageBytes.get();
  }

  @Override
  public void handleAck(long number, boolean multiple) {
    Confirmations heard = confirmations;
    if (heard != null) {
      lifetime.whileItLasts(() -> heard.confirmed(number, multiple));
    }
  }

  @Override
  public void handleNack(long number, boolean multiple) {
    Confirmations heard = confirmations;
    if (heard != null) {
      lifetime.whileItLasts(() -> heard.refused(number, multiple));
    }
  }
}
