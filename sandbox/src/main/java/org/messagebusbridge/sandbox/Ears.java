package org.messagebusbridge.sandbox;

/** What a {@link MessageHandler} tells of its WebSocket, in the connection's event loop. */
interface Ears {

  /** A whole message came. It counts as received when it is taken. */
  Answer message(ReceivedMessage message);

  /**
   * A ping came.
   *
   * @param payload each byte a char of that value (ISO 8859-1)
   * @param messagesBefore how many messages this WebSocket had received by then
   * @return whether it is answered, at once
   */
  boolean ping(String payload, int messagesBefore);

  /** A pong came; the parameters are as those of {@link #ping}. */
  void pong(String payload, int messagesBefore);

  /** The client ended its side, with a code as in {@link ReceivedClose}. Once. */
  void ended(int code, String reason);

  /** The channel can take more, or takes no more, or is gone. */
  void writabilityChanged();
}
