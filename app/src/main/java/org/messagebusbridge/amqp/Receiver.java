package org.messagebusbridge.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Source;

/**
 * One consumer at the broker: hands out what it gets until it is stopped, which is when the broker
 * has cancelled it, or earlier when there is no room. What it gets after that is to go back to the
 * queue, but not before the broker has cancelled the consumer: it would come at once, again and out
 * of order.
 *
 * <p>One that is to be widened keeps the next delivery until the broker has cancelled it. While
 * that is unsettled the broker, which sends it one message at a time, has no other on its way; a
 * quorum queue would take that back, and before 4.0 not to its place.
 */
final class Receiver extends DefaultConsumer {
  private final Owner owner;
  private final Source.Handler handler;
  private final int prefetch;
  private final boolean single;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Long> givenBack = new ArrayList<>();
  private boolean stopped;
  private boolean widening;
  private @Nullable AmqpDelivery kept;
  private @Nullable AmqpDelivery latest;

  /** The source, as its consumer needs it. All of it is called by the connection's reader. */
  interface Owner {

    /** Makes a delivery of what came; none when it was given up. */
    Optional<AmqpDelivery> arrived(
        Receiver at, Envelope envelope, BasicProperties properties, byte[] body);

    /** It was handed out. Returns when there is room for the next one, or this was stopped. */
    void handedOut(Receiver by);

    /** It was not handed out, because the receiver was stopped by then. */
    void withdraw(AmqpDelivery delivery);

    /** One that is to be widened keeps its delivery; returns at once. */
    void kept(Receiver by);

    /** The handler failed. */
    void failed(Throwable failure);

    /** The broker has cancelled the consumer. */
    void cancelled();
  }

  /**
   * @param prefetch the most messages that the broker sends it without acknowledgement
   */
  Receiver(Channel channel, Owner owner, Source.Handler handler, int prefetch) {
    this(channel, owner, handler, prefetch, false);
  }

  private Receiver(
      Channel channel, Owner owner, Source.Handler handler, int prefetch, boolean single) {
    super(channel);
    this.owner = owner;
    this.handler = handler;
    this.prefetch = prefetch;
    this.single = single;
  }

  /** One that gets one message at a time, until another takes its place. */
  static Receiver single(Channel channel, Owner owner, Source.Handler handler) {
    return new Receiver(channel, owner, handler, 1, true);
  }

  /** Whether it was made to get one message at a time. */
  boolean isSingle() {
    return single;
  }

  Source.Handler handler() {
    return handler;
  }

  int prefetch() {
    return prefetch;
  }

  /** Once this has returned, the handler is not called. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      AmqpDelivery left = kept;
      kept = null;
      if (left != null) {
        owner.withdraw(left);
        givenBack.add(left.tag());
      }
    } finally {
      lock.unlock();
    }
  }

  /** What was handed out last, if anything was. */
  Optional<AmqpDelivery> latest() {
    lock.lock();
    try {
      return Optional.ofNullable(latest);
    } finally {
      lock.unlock();
    }
  }

  /** Has the next delivery be kept, and the owner hear of it. */
  void widenAtNext() {
    lock.lock();
    try {
      widening = true;
    } finally {
      lock.unlock();
    }
  }

  /** Hands out what was kept, if anything was: the broker has cancelled this by now. */
  void handOutKept() {
    lock.lock();
    try {
      AmqpDelivery next = kept;
      kept = null;
      if (next != null) {
        handler.deliver(next);
      }
    } catch (RuntimeException | Error e) {
      owner.failed(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The tags of what is to go back to the queue, in order; complete once the broker has cancelled.
   */
  List<Long> givenBack() {
    lock.lock();
    try {
      return List.copyOf(givenBack);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void handleDelivery(
      String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
    if (isStopped()) {
      giveBack(envelope.getDeliveryTag());
      return;
    }
    Optional<AmqpDelivery> arrived = owner.arrived(this, envelope, properties, body);
    if (arrived.isEmpty()) {
      handler.gaveUp();
      owner.handedOut(this);
      return;
    }
    AmqpDelivery delivery = arrived.get();
    if (keep(delivery)) {
      owner.kept(this);
    } else if (handOut(delivery)) {
      owner.handedOut(this);
    } else {
      owner.withdraw(delivery);
      giveBack(envelope.getDeliveryTag());
    }
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  private boolean keep(AmqpDelivery delivery) {
    lock.lock();
    try {
      if (!widening || stopped) {
        return false;
      }
      kept = delivery;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean handOut(AmqpDelivery delivery) {
    lock.lock();
    try {
      if (stopped) {
        return false;
      }
      latest = single ? delivery : null;
      handler.deliver(delivery);
    } catch (RuntimeException | Error e) {
      owner.failed(e);
    } finally {
      lock.unlock();
    }
    return true;
  }

  private void giveBack(long tag) {
    lock.lock();
    try {
      givenBack.add(tag);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void handleCancel(String consumerTag) {
    owner.cancelled();
  }
}
