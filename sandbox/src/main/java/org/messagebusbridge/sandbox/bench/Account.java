package org.messagebusbridge.sandbox.bench;

import java.util.BitSet;

/**
 * Which of the messages 0, 1, 2 ... came, how often and in which order. Used by one thread at a
 * time.
 */
final class Account {

  private final BitSet seen = new BitSet();
  private int received;
  private long duplicated;
  private long outOfOrder;
  private int highest = -1;

  /**
   * A message came.
   *
   * @return whether it came for the first time
   */
  boolean received(int number) {
    if (seen.get(number)) {
      duplicated++;
      return false;
    }
    seen.set(number);
    received++;
    if (number < highest) {
      outOfOrder++;
    }
    highest = Math.max(highest, number);
    return true;
  }

  /** How many different messages came. */
  int received() {
    return received;
  }

  /** How many came that had come before. */
  long duplicated() {
    return duplicated;
  }

  /** How many came, for the first time, behind one with a higher number. */
  long outOfOrder() {
    return outOfOrder;
  }
}
