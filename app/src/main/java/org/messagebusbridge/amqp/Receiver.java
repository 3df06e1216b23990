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
  private final AmqpSource source;
  private final Unsettled unsettled;
  private final Source.Handler handler;
  private final int prefetch;
  private final boolean single;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Long> givenBack = new ArrayList<>();
  private boolean stopped;
  private boolean widening;
  private @Nullable AmqpDelivery kept;
  private @Nullable AmqpDelivery latest;

  /**
   * @param prefetch the most messages that the broker sends it without acknowledgement
   * @param single whether it gets one message at a time, until another takes its place
   */
  Receiver(
      Channel channel,
      AmqpSource source,
      Unsettled unsettled,
      Source.Handler handler,
      int prefetch,
      boolean single) {
    super(channel);
    this.source = source;
    this.unsettled = unsettled;
    this.handler = handler;
    this.prefetch = prefetch;
    this.single = single;
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
        unsettled.withdraw(left);
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

  /** Has the next delivery be kept, and the source hear of it. */
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
      source.failed(e);
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
    if (takesNoMore(envelope.getDeliveryTag())) {
      return;
    }
    Optional<AmqpDelivery> arrived = source.arrived(this, envelope, properties, body);
    if (arrived.isEmpty()) {
      handler.gaveUp();
    } else if (!handOut(arrived.get())) {
      return;
    }
    source.awaitRoom(this);
  }

  private boolean takesNoMore(long tag) {
    lock.lock();
    try {
      if (stopped) {
        givenBack.add(tag);
      }
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /** Gives whether it was: it may be kept, or be too late. */
  private boolean handOut(AmqpDelivery delivery) {
    lock.lock();
    try {
      if (stopped) {
        unsettled.withdraw(delivery);
        givenBack.add(delivery.tag());
        return false;
      }
      if (widening) {
        kept = delivery;
        source.kept(this);
        return false;
      }
      latest = single ? delivery : null;
      handler.deliver(delivery);
    } catch (RuntimeException | Error e) {
      source.failed(e);
    } finally {
      lock.unlock();
    }
    return true;
  }

  @Override
  public void handleCancel(String consumerTag) {
    source.cancelled();
  }
}
