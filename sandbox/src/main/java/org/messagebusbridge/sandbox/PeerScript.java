package org.messagebusbridge.sandbox;

import java.util.Optional;

/**
 * What a {@link ResendingPeer} says, and thinks of what it hears. Called in the event loops of its
 * connections, so it must not wait; by one thread at a time when the service has one.
 */
public interface PeerScript {

  /**
   * The text of a message, the same each time it is asked for: a message without a receipt is sent
   * again.
   *
   * @param number 1 or higher
   * @return UTF-8, not to be changed afterwards; empty when there is nothing to send under this
   *     number, or no more
   */
  Optional<byte[]> text(long number);

  /** What to do about a message that has come. */
  Answer received(ReceivedMessage message);

  /** There is a receipt for all messages up to this one; each call has a higher number. */
  default void receipted(long number) {}

  /**
   * The client has ended its side of a connection. When it was the first to, what has no receipt is
   * asked for again only after this.
   *
   * @param close how
   * @param receipted the number of the last message that has a receipt; 0: none
   */
  default void ended(ReceivedClose close, long receipted) {}
}
