package org.messagebusbridge.bus;

/**
 * A message with the duty to settle it exactly once: {@link #acceptThrough}, {@link #reject}, or
 * with all others {@link Source#giveBack}.
 *
 * <p>Settling is done by one thread at a time, in any thread but the one that handed the delivery
 * out; it never waits for the other side, and does nothing once the source's connection is gone.
 */
public interface Delivery {

  /** What was delivered. */
  Message message();

  /**
   * The source that handed this delivery out; deliveries of one source are settled in its order.
   */
  Source source();

  /** Whether the source says that it has handed this message out before; not unless it can tell. */
  default boolean redelivered() {
    return false;
  }

  /**
   * Whether this delivery is void, for the source's own side will hand the message out again, here
   * or elsewhere: it was given back, or the source's connection is gone (a broker hands out again
   * then, a WebSocket peer does not), or the source has lost it while the connection stands ({@link
   * Source.Handler#revoked}). A revoked delivery has nothing left to settle. Never, of a source
   * that hands out nothing again.
   */
  default boolean revoked() {
    return false;
  }

  /** Accepts this delivery and every earlier one of the same source that is not settled yet. */
  void acceptThrough();

  /**
   * Settles a message that can never be delivered: it goes to the source's place for such messages
   * (a dead letter queue), or the peer that sent it is told, with the reason.
   */
  void reject(Rejection rejection);
}
