package org.messagebusbridge.bus;

/**
 * The end of a bus that takes messages, in order, and confirms each one when its peer is known to
 * have it. Used by one thread at a time.
 */
public interface Sink {

  /**
   * Hears what became of the messages sent. Called by the bus's own threads, one at a time, and
   * returns at once. The number is the one that {@link #send} gave.
   */
  interface Confirmations {

    /** The peer has answered a {@link #probe}. */
    void alive();

    /** The peer has message {@code number}; with {@code multiple}, and every one before it. */
    void confirmed(long number, boolean multiple);

    /**
     * The peer did not take message {@code number} this time (with {@code multiple}, nor any
     * unconfirmed one before it).
     */
    void refused(long number, boolean multiple);

    /** The peer will never take message {@code number}, whatever its connection. */
    void rejected(long number, Rejection rejection);
  }

  /** Says who hears the confirmations; called once, before the first {@link #send}. */
  void start(Confirmations confirmations);

  /**
   * Sends a message behind all those sent before it; may wait for room. What is sent may stay in a
   * buffer until {@link #flush}. On a lost connection the call does nothing but count: the loss is
   * reported to the {@link Bus.ConnectionListener}, and the message is never confirmed.
   *
   * @return the message's number on this connection: 1, 2, 3 ...
   */
  long send(Message message);

  /** Passes on what {@link #send} has buffered. */
  void flush();

  /**
   * Asks the peer for a sign of life, behind all that was sent; {@link Confirmations#alive} is told
   * when it comes. Returns at once. A peer that cannot be asked counts as alive while it is
   * connected.
   */
  void probe();

  /**
   * The largest body in bytes that the peer is known to take. A larger one is rejected, not sent.
   */
  long maxMessageBytes();
}
