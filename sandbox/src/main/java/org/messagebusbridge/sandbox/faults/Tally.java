package org.messagebusbridge.sandbox.faults;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The account of one direction: which numbers were sent, and what became of each. It takes a few
 * bits a message. Safe for use by several threads.
 *
 * <p>A message is <em>duplicated</em> when the same sending of it comes again. The load puts a
 * message into a queue once more, with another {@link Numbered#attempt}, when the broker did not
 * confirm it: such a copy is not of the bridge's making. What the peer sends again is the same
 * sending, and counts. A message is <em>out of order</em> when its first sending comes, for the
 * first time, behind one with a higher number.
 */
public final class Tally {

  private final ReentrantLock lock = new ReentrantLock();
  private final BitSet seen = new BitSet();
  private final List<BitSet> seenByAttempt = new ArrayList<>();
  private final BitSet givenUp = new BitSet();
  private int sent;
  private int received;
  private int givenUpOnly;
  private long duplicated;
  private long outOfOrder;
  private long givenBack;
  private long foreign;
  private int highest = -1;

  /**
   * What it comes to.
   *
   * @param sent how many messages
   * @param received how many of them came, once at least
   * @param lost how many neither came nor were given up
   * @param duplicated how many came that had come before
   * @param outOfOrder how many came, for the first time, behind a later one
   * @param givenBack how many came marked as requeued: not among the duplicates or those out of
   *     order
   * @param givenUp how many were given up: dead-lettered, or by their sender
   * @param foreign how many bodies came that nobody sent
   */
  public record Sum(
      int sent,
      int received,
      int lost,
      long duplicated,
      long outOfOrder,
      long givenBack,
      int givenUp,
      long foreign) {}

  /** The next number, which counts as sent from now on. */
  int next() {
    lock.lock();
    try {
      return sent++;
    } finally {
      lock.unlock();
    }
  }

  /** Numbers below this one count as sent; fewer than before changes nothing. */
  void sentUpTo(int count) {
    lock.lock();
    try {
      sent = Math.max(sent, count);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A message came.
   *
   * @param requeued whether the queue that it came from marks it as given back by the one who took
   *     account of it: then it is neither a duplicate nor out of order
   */
  public void received(Numbered message, boolean requeued) {
    lock.lock();
    try {
      BitSet same = seen(message.attempt());
      int number = message.number();
      boolean twice = same.get(number);
      same.set(number);
      if (requeued) {
        givenBack++;
      } else if (twice) {
        duplicated++;
      }
      if (seen.get(number)) {
        return;
      }
      seen.set(number);
      received++;
      givenUpOnly -= givenUp.get(number) ? 1 : 0;
      if (message.attempt() == 0 && !requeued) {
        outOfOrder += number < highest ? 1 : 0;
        highest = Math.max(highest, number);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A body came that is none of the load's. */
  public void foreign() {
    lock.lock();
    try {
      foreign++;
    } finally {
      lock.unlock();
    }
  }

  /** A message was given up: it came to the dead-letter queue, or its sender sends it no more. */
  public void givenUp(int number) {
    lock.lock();
    try {
      if (!givenUp.get(number) && !seen.get(number)) {
        givenUpOnly++;
      }
      givenUp.set(number);
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many were given up that may not be, or were not and should be.
   *
   * @param culprits which ones are to be given up
   */
  int wronglyGivenUp(IntPredicate culprits) {
    lock.lock();
    try {
      return (int) IntStream.range(0, sent).filter(n -> givenUp.get(n) != culprits.test(n)).count();
    } finally {
      lock.unlock();
    }
  }

  private BitSet seen(int attempt) {
    while (seenByAttempt.size() <= attempt) {
      seenByAttempt.add(new BitSet());
    }
    return seenByAttempt.get(attempt);
  }

  /** How many were sent. */
  public int sent() {
    lock.lock();
    try {
      return sent;
    } finally {
      lock.unlock();
    }
  }

  /** How many different ones came. */
  public int received() {
    lock.lock();
    try {
      return received;
    } finally {
      lock.unlock();
    }
  }

  /** How many neither came nor were given up, as far as is known by now. */
  public int missing() {
    lock.lock();
    try {
      return sent - received - givenUpOnly;
    } finally {
      lock.unlock();
    }
  }

  /** All of it, now. */
  public Sum sum() {
    lock.lock();
    try {
      return new Sum(
          sent,
          received,
          missing(),
          duplicated,
          outOfOrder,
          givenBack,
          givenUp.cardinality(),
          foreign);
    } finally {
      lock.unlock();
    }
  }
}
