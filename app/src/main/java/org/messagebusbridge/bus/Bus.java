package org.messagebusbridge.bus;

import java.util.Optional;

/**
 * A place messages come from and go to. It is connected to again and again; each time gives one
 * {@link BusConnection}.
 */
public interface Bus {

  /** Hears that a connection is gone. */
  @FunctionalInterface
  interface ConnectionListener {

    /**
     * The connection is lost, for the reason given. Called once at most, from any thread, and never
     * after {@link BusConnection#close} was called; no confirmation comes after it.
     */
    void lost(BusException cause);
  }

  /** The name in logs and metrics: {@code amqp}, {@code websocket}, {@code loopback}. */
  String name();

  /**
   * What keeps it from its work though it may be connected, in a sentence for an operator; empty:
   * nothing does. Any thread, at little cost.
   */
  default Optional<String> trouble() {
    return Optional.empty();
  }

  /** Whether it is this instance's turn, which it always is on a bus that takes no turns. */
  default boolean isItsTurn() {
    return true;
  }

  /**
   * Opens a connection; blocks until it stands or cannot be had. Nothing is delivered until its
   * source is started.
   *
   * @param listener hears of the loss of this connection
   * @throws BusException with the reason, in one sentence that says what to do, and whether trying
   *     again can help
   * @throws InterruptedException when the calling thread is interrupted; nothing stays open
   */
  BusConnection connect(ConnectionListener listener) throws BusException, InterruptedException;
}
