package org.messagebusbridge.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.amqp.AmqpFailures.Wish;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.config.AmqpConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of a queue. Deliveries come in the reading thread of the consuming connection, and
 * while there is no room for the next one that thread waits: nothing is read, the broker feels it.
 * Heartbeats go on, for another thread sends them, and none is missed while nobody reads.
 *
 * <p>What arrives between the wish to stop and the broker's answer goes back to the queue at once;
 * whatever the broker had on its way by then, memory stays bounded.
 */
final class AmqpSource implements Source {
  private static final Logger log = LoggerFactory.getLogger(AmqpSource.class);

  private final Channel channel;
  private final AmqpConfig config;
  private final AmqpFailures failures;
  private final Lifetime lifetime;
  private final DeadLetters deadLetters;
  private final Unsettled unsettled;
  private @Nullable Receiver receiver;

  AmqpSource(
      Channel channel,
      AmqpConfig config,
      AmqpFailures failures,
      Lifetime lifetime,
      DeadLetters deadLetters,
      Unsettled unsettled) {
    this.channel = channel;
    this.config = config;
    this.failures = failures;
    this.lifetime = lifetime;
    this.deadLetters = deadLetters;
    this.unsettled = unsettled;
  }

  @Override
  public void start(Handler handler) throws BusException {
    lifetime.check(failures.closedHere());
    Receiver starting = new Receiver(handler);
    unsettled.open();
    if (lifetime.isOver()) {
      unsettled.shut();
    }
    try {
      channel.basicConsume(config.queueToWs(), false, config.consumerTag(), starting);
      receiver = starting;
    } catch (IOException | ShutdownSignalException e) {
      starting.stop();
      BusException failure = failures.queue(Wish.CONSUME, config.queueToWs(), e);
      lifetime.lose(failure);
      throw failure;
    }
  }

  @Override
  public void stop() {
    Receiver stopping = receiver;
    if (stopping == null) {
      return;
    }
    receiver = null;
    stopping.stop();
    unsettled.shut();
    if (lifetime.isOver()) {
      return;
    }
    try {
      channel.basicCancel(config.consumerTag());
    } catch (IOException | ShutdownSignalException e) {
      lifetime.lose(failures.lost(e));
    }
  }

  @Override
  public boolean canRequeue() {
    return true;
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
      giveBack(delivery.tag());
    }
  }

  void reject(AmqpDelivery delivery, Rejection rejection) {
    if (config.deadLetterQueue().isEmpty()) {
      if (unsettled.settleAlone(delivery)) {
        tell(() -> channel.basicReject(delivery.tag(), false));
      }
    } else if (unsettled.beginToReject(delivery)) {
      deadLetters.take(
          delivery,
          rejection,
          () -> {
            // in this order: as long as it counts as being rejected, no other acknowledgement
            // covers it
            tell(() -> channel.basicAck(delivery.tag(), false));
            unsettled.rejected(delivery);
          });
    }
  }

  private void giveBack(long tag) {
    tell(() -> channel.basicNack(tag, false, true));
  }

  private interface Settling {
    void send() throws IOException;
  }

  /** Settling on a connection that is gone does nothing: the broker has the messages back. */
  private void tell(Settling settling) {
    if (lifetime.isOver()) {
      return;
    }
    try {
      settling.send();
    } catch (IOException | ShutdownSignalException e) {
      lifetime.lose(failures.lost(e));
    }
  }

  /** The client's side of one start: hands out until it is stopped. */
  private final class Receiver extends DefaultConsumer {
    private final Handler handler;
    private final ReentrantLock handingOut = new ReentrantLock();
    private boolean stopped;

    Receiver(Handler handler) {
      super(channel);
      this.handler = handler;
    }

    /** Once this has returned, the handler is not called. */
    void stop() {
      handingOut.lock();
      try {
        stopped = true;
      } finally {
        handingOut.unlock();
      }
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
      AmqpDelivery delivery = new AmqpDelivery(AmqpSource.this, envelope, properties, body);
      if (!unsettled.add(delivery)) {
        giveBack(delivery.tag());
      } else if (!handOut(delivery)) {
        requeue(delivery);
      }
    }

    private boolean handOut(AmqpDelivery delivery) {
      handingOut.lock();
      try {
        if (stopped) {
          return false;
        }
        handler.deliver(delivery);
        return true;
      } catch (RuntimeException e) {
        log.error("A handler of deliveries failed, which is a bug; the connection is given up", e);
        lifetime.lose(failures.lost(e));
        return true;
      } finally {
        handingOut.unlock();
      }
    }

    @Override
    public void handleCancel(String consumerTag) {
      lifetime.lose(failures.cancelled());
    }
  }
}
