package org.messagebusbridge.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A handler that keeps what it is handed, in order, and settles nothing by itself. */
public final class RecordedDeliveries implements Source.Handler {
  private static final long DEADLINE_SECONDS = 60;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final List<Delivery> deliveries = new ArrayList<>();
  private int revocations;

  @Override
  public void deliver(Delivery delivery) {
    lock.lock();
    try {
      deliveries.add(delivery);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void revoked() {
    lock.lock();
    try {
      revocations++;
    } finally {
      lock.unlock();
    }
  }

  /** How often the source has said that it lost a part. */
  public int revocations() {
    lock.lock();
    try {
      return revocations;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The deliveries so far, once there are {@code count} of them or the deadline of a minute has
   * passed.
   */
  public List<Delivery> await(int count) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
      while (deliveries.size() < count && left > 0) {
        left = more.awaitNanos(left);
      }
      return List.copyOf(deliveries);
    } finally {
      lock.unlock();
    }
  }

  /** How many there are now. */
  public int count() {
    lock.lock();
    try {
      return deliveries.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The messages of the deliveries, once there are {@code count} of them or the deadline has
   * passed.
   */
  public List<Message> messages(int count) throws InterruptedException {
    return await(count).stream().map(Delivery::message).toList();
  }
}
