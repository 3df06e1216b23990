package org.messagebusbridge.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.messagebusbridge.bus.Rejection;

/**
 * The deliveries of a source that are not settled yet, in order, and how the broker is told what
 * became of them. They are bounded in bytes, which one message at most may exceed; the broker
 * bounds them in messages only. On a connection that is gone nothing is told: the broker has the
 * messages back. Safe for use by several threads.
 */
final class Unsettled {
  private final Channel channel;
  private final AmqpFailures failures;
  private final Lifetime lifetime;
  private final DeadLetters deadLetters;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  private final Deque<AmqpDelivery> deliveries = new ArrayDeque<>();
  private final TreeSet<Long> beingRejected = new TreeSet<>();
  private long bytes;
  private int count;
  private boolean open;

  /** The tag of the last delivery that was given back; 0: none was. */
  private volatile long givenBackThrough;

  /** Whether there is room for the next delivery. */
  enum Room {
    FREE,
    /** There is none, and this was shut. */
    SHUT,
    /** There was none within the time given. */
    NONE
  }

  /** What became of a delivery. */
  enum State {
    HANDED_OUT,
    /** Waits for the dead letter queue to confirm it. */
    BEING_REJECTED,
    SETTLED
  }

  /** Something that is said to the broker. */
  private interface Word {
    void send() throws IOException;
  }

  /**
   * @param channel the one that the deliveries come on
   */
  Unsettled(
      Channel channel,
      long maxBytes,
      AmqpFailures failures,
      Lifetime lifetime,
      DeadLetters deadLetters) {
    this.channel = channel;
    this.maxBytes = maxBytes;
    this.failures = failures;
    this.lifetime = lifetime;
    this.deadLetters = deadLetters;
  }

  /** Whether the broker has it back. */
  boolean isVoid(AmqpDelivery delivery) {
    return lifetime.isOver() || delivery.tag() <= givenBackThrough;
  }

  long maxBytes() {
    return maxBytes;
  }

  /** Lets whoever wants room wait for it. */
  void open() {
    lock.lock();
    try {
      open = true;
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody wait for room any more. */
  void shut() {
    lock.lock();
    try {
      open = false;
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a delivery in, for which there was room. */
  void add(AmqpDelivery delivery) {
    lock.lock();
    try {
      bytes += delivery.message().size();
      count++;
      deliveries.addLast(delivery);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the bound is not reached, so that there is room for one more, however large: the
   * next one is to be read only then.
   *
   * @param patience how long to wait at most
   */
  Room awaitRoom(Duration patience) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (bytes >= maxBytes) {
        if (!open) {
          return Room.SHUT;
        }
        if (left <= 0) {
          return Room.NONE;
        }
        left = settled.awaitNanos(left);
      }
      return Room.FREE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Room.SHUT;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there are so many left at most; false when this was shut instead. */
  boolean awaitAtMost(int left) throws InterruptedException {
    lock.lock();
    try {
      while (open && count > left) {
        settled.await();
      }
      return open;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Accepts the delivery and all before it that are still out. Acknowledging several at once would
   * include what is being rejected, which is not safe in the dead letter queue yet; so behind one
   * of those each is acknowledged by itself.
   */
  void acceptThrough(AmqpDelivery delivery) {
    List<Long> apart = new ArrayList<>(0);
    lock.lock();
    try {
      if (delivery.state != State.HANDED_OUT) {
        return;
      }
      boolean each = !beingRejected.isEmpty() && beingRejected.first() < delivery.tag();
      while (!deliveries.isEmpty() && deliveries.getFirst().tag() <= delivery.tag()) {
        AmqpDelivery head = deliveries.removeFirst();
        if (head.state == State.HANDED_OUT) {
          settle(head);
          if (each) {
            apart.add(head.tag());
          }
        }
      }
    } finally {
      lock.unlock();
    }
    if (apart.isEmpty()) {
      tell(() -> channel.basicAck(delivery.tag(), true));
    }
    for (long tag : apart) {
      tell(() -> channel.basicAck(tag, false));
    }
  }

  /**
   * Gives back to the queue all that is out, oldest first: so it keeps its order on every type of
   * queue.
   *
   * @return how many
   */
  int giveBack() {
    if (lifetime.isOver()) {
      return 0;
    }
    List<Long> tags = new ArrayList<>();
    lock.lock();
    try {
      for (AmqpDelivery delivery : deliveries) {
        if (delivery.state == State.HANDED_OUT) {
          settle(delivery);
          tags.add(delivery.tag());
          givenBackThrough = delivery.tag();
        }
      }
      deliveries.clear();
    } finally {
      lock.unlock();
    }
    tags.forEach(this::giveBack);
    return tags.size();
  }

  /** Gives back to the queue what does not count here. */
  void giveBack(long tag) {
    tell(() -> channel.basicNack(tag, false, true));
  }

  /** To the dead letter queue, and only then acknowledged; without one it is dropped. */
  void reject(AmqpDelivery delivery, Rejection rejection) {
    if (!deadLetters.areKept()) {
      if (withdraw(delivery)) {
        tell(() -> channel.basicReject(delivery.tag(), false));
      }
    } else if (beginToReject(delivery)) {
      deadLetters.take(delivery, rejection, () -> acknowledgeRejected(delivery));
    }
  }

  /** The delivery waits for the dead letter queue, in nobody's way; false when it was settled. */
  private boolean beginToReject(AmqpDelivery delivery) {
    lock.lock();
    try {
      if (delivery.state != State.HANDED_OUT) {
        return false;
      }
      delivery.state = State.BEING_REJECTED;
      beingRejected.add(delivery.tag());
      dropSettled();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** In this order: while it counts as being rejected, no other acknowledgement covers it. */
  private void acknowledgeRejected(AmqpDelivery delivery) {
    tell(() -> channel.basicAck(delivery.tag(), false));
    lock.lock();
    try {
      beingRejected.remove(delivery.tag());
      settle(delivery);
    } finally {
      lock.unlock();
    }
  }

  /** Counts the delivery no longer, and tells the broker nothing; false when it was settled. */
  boolean withdraw(AmqpDelivery delivery) {
    lock.lock();
    try {
      if (delivery.state != State.HANDED_OUT) {
        return false;
      }
      settle(delivery);
      dropSettled();
      return true;
    } finally {
      lock.unlock();
    }
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

  /** Whether nobody has begun to settle it. */
  boolean isOut(AmqpDelivery delivery) {
    lock.lock();
    try {
      return delivery.state == State.HANDED_OUT;
    } finally {
      lock.unlock();
    }
  }

  /** How many are not settled. */
  int count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many more messages of the present average size the bound has room for, as a factor: 4 when
   * a quarter of it is taken.
   */
  long spaciousness() {
    lock.lock();
    try {
      return maxBytes / Math.max(1, bytes);
    } finally {
      lock.unlock();
    }
  }

  private void settle(AmqpDelivery delivery) {
    delivery.state = State.SETTLED;
    bytes -= delivery.message().size();
    count--;
    settled.signalAll();
  }

  /** Forgets what is at the head and not out any more, so that its body can go. */
  private void dropSettled() {
    while (!deliveries.isEmpty() && deliveries.getFirst().state != State.HANDED_OUT) {
      deliveries.removeFirst();
    }
  }
}
