package org.messagebusbridge.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A queue of many writers and one reader, who takes all there is at once: under load one lock and
 * one wake-up serve a whole batch. Unbounded: what is put in is bounded by the windows of the
 * sources.
 */
final class Mailbox<E> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private List<E> box = new ArrayList<>();
  private boolean readerWaits;

  /** Adds one; never waits. Any thread. */
  void put(E element) {
    lock.lock();
    try {
      box.add(element);
      if (readerWaits) {
        readerWaits = false;
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is something, then gives all there is, in the order it was put in.
   *
   * @param empty a list to use from now on in place of the one given back; it is cleared
   * @param nanos how long to wait at most
   * @return what there is; empty when the time is over
   */
  List<E> take(List<E> empty, long nanos) throws InterruptedException {
    empty.clear();
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (box.isEmpty() && left > 0) {
        readerWaits = true;
        left = filled.awaitNanos(left);
      }
      readerWaits = false;
      List<E> full = box;
      box = empty;
      return full;
    } finally {
      lock.unlock();
    }
  }
}
