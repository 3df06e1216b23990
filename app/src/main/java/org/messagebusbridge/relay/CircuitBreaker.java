package org.messagebusbridge.relay;

import java.util.OptionalInt;

/**
 * Tells a service that refuses everything from one that refuses a message: opens when so many
 * different messages were given up one after the other and nothing was delivered between. While it
 * is open nothing more is given up; the next delivery closes it. Used by one thread.
 */
final class CircuitBreaker {
  private final OptionalInt after;
  private int inARow;
  private boolean open;

  /**
   * @param after how many in a row open it, 1 or more; empty: it never opens
   */
  CircuitBreaker(OptionalInt after) {
    this.after = after;
  }

  boolean isOpen() {
    return open;
  }

  /**
   * A message was given up over which the peer had hung up.
   *
   * @return whether this opened it
   */
  boolean gaveUp() {
    inARow++;
    open = after.isPresent() && inARow >= after.getAsInt();
    return open;
  }

  /**
   * A message was delivered.
   *
   * @return whether this closed it
   */
  boolean delivered() {
    boolean closed = open;
    inARow = 0;
    open = false;
    return closed;
  }

  /** How many were given up in a row. */
  int inARow() {
    return inARow;
  }
}
