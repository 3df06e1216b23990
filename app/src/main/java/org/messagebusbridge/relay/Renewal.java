package org.messagebusbridge.relay;

/** Reads the credentials of a side again, from where they came from. */
@FunctionalInterface
public interface Renewal {

  /** There is nowhere to read them from. */
  Renewal NONE = () -> false;

  /**
   * Reads them, which may take as long as a network does. Any thread.
   *
   * @return whether they were read, also when they are what they were
   * @throws InterruptedException when the calling thread is interrupted
   */
  boolean renew() throws InterruptedException;
}
