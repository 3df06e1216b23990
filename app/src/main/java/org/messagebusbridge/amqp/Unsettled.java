package org.messagebusbridge.amqp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a source has handed out and not seen settled: in order, and bounded in bytes, by which it is
 * exceeded with one message at most. The broker bounds it in messages only. Safe for use by several
 * threads.
 */
final class Unsettled {
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  private final Deque<AmqpDelivery> deliveries = new ArrayDeque<>();
  private final TreeSet<Long> beingRejected = new TreeSet<>();
  private long bytes;
  private int count;
  private boolean open;

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

  /**
   * Acknowledgements to send.
   *
   * @param tags the deliveries to acknowledge, in order
   * @param multiple whether each stands for all before it, too
   */
  record Acks(List<Long> tags, boolean multiple) {
    static final Acks NONE = new Acks(List.of(), false);
  }

  Unsettled(long maxBytes) {
    this.maxBytes = maxBytes;
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
   * Settles the delivery and all before it that are still out. Acknowledging several at once would
   * include what is being rejected, which is not safe in the dead letter queue yet; so behind one
   * of those each is acknowledged by itself.
   */
  Acks acceptThrough(AmqpDelivery delivery) {
    lock.lock();
    try {
      if (delivery.state != State.HANDED_OUT) {
        return Acks.NONE;
      }
      List<Long> accepted = new ArrayList<>();
      while (!deliveries.isEmpty() && deliveries.getFirst().tag() <= delivery.tag()) {
        AmqpDelivery head = deliveries.removeFirst();
        if (head.state == State.HANDED_OUT) {
          settle(head);
          accepted.add(head.tag());
        }
      }
      boolean apart = !beingRejected.isEmpty() && beingRejected.first() < delivery.tag();
      return apart ? new Acks(accepted, false) : new Acks(List.of(delivery.tag()), true);
    } finally {
      lock.unlock();
    }
  }

  /** Settles this delivery alone; false when it was settled before. */
  boolean settleAlone(AmqpDelivery delivery) {
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

  /** The delivery waits for the dead letter queue, in nobody's way; false when it was settled. */
  boolean beginToReject(AmqpDelivery delivery) {
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

  /** The delivery is in the dead letter queue, and acknowledged. */
  void rejected(AmqpDelivery delivery) {
    lock.lock();
    try {
      if (delivery.state == State.BEING_REJECTED) {
        beingRejected.remove(delivery.tag());
        settle(delivery);
      }
    } finally {
      lock.unlock();
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
