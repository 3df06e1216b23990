package org.messagebusbridge.bus;

import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps the account of one sink's confirmations, and of those that should not have come. */
public final class RecordedConfirmations implements Sink.Confirmations {
  private static final long DEADLINE_SECONDS = 60;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final BitSet confirmed = new BitSet();
  private final BitSet refused = new BitSet();
  private final BitSet rejected = new BitSet();
  private int settledTwice;
  private int signsOfLife;

  @Override
  public void alive() {
    lock.lock();
    try {
      signsOfLife++;
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How often the peer has answered, once it has or the deadline of 20 s has passed. */
  public int awaitSignOfLife() throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
      while (signsOfLife == 0 && left > 0) {
        left = more.awaitNanos(left);
      }
      return signsOfLife;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void confirmed(long number, boolean multiple) {
    settle(confirmed, number, multiple);
  }

  @Override
  public void refused(long number, boolean multiple) {
    settle(refused, number, multiple);
  }

  @Override
  public void rejected(long number, Rejection rejection) {
    settle(rejected, number, false);
  }

  private void settle(BitSet into, long number, boolean multiple) {
    lock.lock();
    try {
      int last = Math.toIntExact(number);
      if (settled(last)) {
        settledTwice++;
      }
      for (int n = multiple ? 1 : last; n <= last; n++) {
        if (!settled(n)) {
          into.set(n);
        }
      }
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean settled(int number) {
    return confirmed.get(number) || refused.get(number) || rejected.get(number);
  }

  /**
   * How many messages are confirmed, once there are {@code count} of them or the deadline of 20 s
   * has passed.
   */
  public int await(int count) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
      while (confirmed.cardinality() < count && left > 0) {
        left = more.awaitNanos(left);
      }
      return confirmed.cardinality();
    } finally {
      lock.unlock();
    }
  }

  /** How many messages are confirmed now. */
  public int confirmed() {
    return count(confirmed);
  }

  /** How many messages are refused now. */
  public int refused() {
    return count(refused);
  }

  /** How many messages are rejected now. */
  public int rejected() {
    return count(rejected);
  }

  /** The highest number that was confirmed or refused; 0 when none was. */
  public int highest() {
    lock.lock();
    try {
      return Math.max(0, Math.max(confirmed.length(), refused.length()) - 1);
    } finally {
      lock.unlock();
    }
  }

  /** How many confirmations or refusals named a message that was settled before. */
  public int settledTwice() {
    lock.lock();
    try {
      return settledTwice;
    } finally {
      lock.unlock();
    }
  }

  private int count(BitSet set) {
    lock.lock();
    try {
      return set.cardinality();
    } finally {
      lock.unlock();
    }
  }
}
