package org.messagebusbridge.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import org.messagebusbridge.bus.Rejection;

/**
 * Tells the broker what became of deliveries. On a connection that is gone it does nothing: the
 * broker has the messages back.
 */
final class Settling {
  private final Channel channel;
  private final AmqpFailures failures;
  private final Lifetime lifetime;
  private final Unsettled unsettled;
  private final DeadLetters deadLetters;

  /**
   * @param channel the one that the deliveries came on
   */
  Settling(
      Channel channel,
      AmqpFailures failures,
      Lifetime lifetime,
      Unsettled unsettled,
      DeadLetters deadLetters) {
    this.channel = channel;
    this.failures = failures;
    this.lifetime = lifetime;
    this.unsettled = unsettled;
    this.deadLetters = deadLetters;
  }

  boolean isGone() {
    return lifetime.isOver();
  }

  void acceptThrough(AmqpDelivery delivery) {
    Unsettled.Acks acks = unsettled.acceptThrough(delivery);
    for (long tag : acks.tags()) {
      tell(() -> channel.basicAck(tag, acks.multiple()));
    }
  }

  void requeue(AmqpDelivery delivery) {
    if (unsettled.settleAlone(delivery)) {
      tell(() -> channel.basicNack(delivery.tag(), false, true));
    }
  }

  /** To the dead letter queue, and only then acknowledged; without one it is dropped. */
  void reject(AmqpDelivery delivery, Rejection rejection) {
    if (!deadLetters.areKept()) {
      if (unsettled.settleAlone(delivery)) {
        tell(() -> channel.basicReject(delivery.tag(), false));
      }
    } else if (unsettled.beginToReject(delivery)) {
      deadLetters.take(delivery, rejection, () -> acknowledgeRejected(delivery));
    }
  }

  /** In this order: while it counts as being rejected, no other acknowledgement covers it. */
  private void acknowledgeRejected(AmqpDelivery delivery) {
    tell(() -> channel.basicAck(delivery.tag(), false));
    unsettled.rejected(delivery);
  }

  private interface Word {
    void send() throws IOException;
  }

  private void tell(Word word) {
    if (lifetime.isOver()) {
      return;
    }
    try {
      word.send();
    } catch (IOException | ShutdownSignalException e) {
      lifetime.lose(failures.lost(e));
    }
  }
}
