package org.messagebusbridge.sandbox;

/**
 * A handshake and how it was answered.
 *
 * @param request what the client asked for
 * @param status the HTTP status of the answer: 101 when the WebSocket was opened
 * @param reason why it was refused; empty when it was not
 */
public record Handshake(HandshakeRequest request, int status, String reason) {

  /** Whether the WebSocket was opened. */
  public boolean accepted() {
    return status == 101;
  }
}
