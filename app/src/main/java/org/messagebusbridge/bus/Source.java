package org.messagebusbridge.bus;

/**
 * The end of a bus that hands out deliveries, in order. It bounds what it has handed out and not
 * seen settled, in messages and in bytes, and stops reading when it is full, so the peer feels
 * backpressure.
 */
public interface Source {

  /** Takes deliveries. Called by one thread at a time, in the source's order; may not throw. */
  @FunctionalInterface
  interface Handler {
    void deliver(Delivery delivery);

    /**
     * The source itself has put a message among those that cannot be delivered, rather than hand it
     * out: one that it could not hold, for instance.
     */
    default void gaveUp() {}

    /**
     * The source has lost part of what it handed out while its connection stands, as a consumer
     * does whose partitions go to another one: those deliveries are {@linkplain Delivery#revoked
     * revoked} when this is called.
     */
    default void revoked() {}
  }

  /**
   * The most that is handed out and not settled; one message may exceed the bytes.
   *
   * @param messages in messages, 1 or more
   * @param bytes in bytes of their bodies
   */
  record Window(int messages, long bytes) {}

  /**
   * Begins, or begins again after {@link #stop}, to hand out deliveries.
   *
   * @throws BusException when the other side refuses, or the connection is lost
   */
  void start(Handler handler) throws BusException;

  /**
   * As {@link #start}, but hands out one delivery at a time (one unsettled) until start is called
   * again, with the same handler and without {@link #stop}; that widens to the whole window, keeps
   * the order, and loses or repeats nothing. While it is called nothing is settled by another
   * thread. So a broker counts a delivery for one message, not for a window, when the connection
   * turns out to be of no use. A source that does not count hands out all from the start.
   *
   * @throws BusException when the other side refuses, or the connection is lost
   */
  default void startWithOne(Handler handler) throws BusException {
    start(handler);
  }

  /** What bounds it at present. Any thread, at little cost. */
  Window window();

  /**
   * Stops handing out: once this has returned, the handler is not called until the next {@link
   * #start}; until then it may be. What was handed out stays to be settled. Does nothing when it is
   * stopped, or the connection is gone.
   */
  void stop();

  /** Whether {@link #giveBack} is possible. */
  boolean canGiveBack();

  /**
   * Stops, as {@link #stop} does, and gives back all that was handed out and is neither accepted
   * nor rejected: it is handed out again after the next {@link #start}, in its place in the order,
   * here or to whoever else takes from the same place. Those deliveries are void. Does nothing when
   * the connection is gone. By the thread that settles.
   *
   * @return how many messages were given back
   * @throws UnsupportedOperationException when the source cannot take a message back, as a
   *     WebSocket cannot
   */
  int giveBack();
}
