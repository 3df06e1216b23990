package org.messagebusbridge.bus;

/** One connected period of a bus, with its two ends. Of no use once it was lost or closed. */
public interface BusConnection extends AutoCloseable {

  /** The end that hands out deliveries. */
  Source source();

  /** The end that takes messages. */
  Sink sink();

  /**
   * Whether this instance is the one that may work, where only one of several may. A turn that was
   * had is given up by {@link #close}, last of all, or lost with the connection.
   */
  default Turn turn() {
    return Turn.ALWAYS;
  }

  /**
   * Closes in the protocol's own way (a WebSocket with 1001, AMQP with connection.close), waiting
   * for the peer's answer a few seconds at most. Until that answer the source goes on handing out
   * what the peer had sent before it, and when this returns it has handed out the last of it: a
   * delivery can still be settled, as far as its source can. What is never settled goes back to
   * where it came from. Idempotent.
   */
  @Override
  void close();
}
