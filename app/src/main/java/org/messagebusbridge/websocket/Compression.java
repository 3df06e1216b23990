package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketExtension;
import java.util.List;
import java.util.Optional;

/**
 * What was agreed on as to permessage-deflate (RFC 7692). The library's own code for it stays
 * unused: it takes as much memory as the peer's data swells to, and time that grows with its
 * square.
 *
 * @param inflation for what comes
 * @param deflation for what is sent
 */
record Compression(Inflation inflation, Deflation deflation) {
  private static final String CLIENT_WINDOW = "client_max_window_bits";

  /** What a handshake offers: the peer may ask for a smaller window (section 7.1.2.2). */
  static WebSocketExtension offer() {
    return new WebSocketExtension(WebSocketExtension.PERMESSAGE_DEFLATE)
        .setParameter(CLIENT_WINDOW, null);
  }

  /** What a handshake has agreed on; empty when nothing is compressed. */
  static Optional<Compression> agreed(WebSocket webSocket) {
    List<WebSocketExtension> extensions = webSocket.getAgreedExtensions();
    return Optional.ofNullable(extensions).stream()
        .flatMap(List::stream)
        .filter(e -> e.getName().equals(WebSocketExtension.PERMESSAGE_DEFLATE))
        .findFirst()
        .map(
            e ->
                new Compression(
                    new Inflation(e.containsParameter("server_no_context_takeover")),
                    new Deflation(
                        e.containsParameter("client_no_context_takeover"), windowBits(e))));
  }

  /** The library has seen to it that the value is from 8 to 15. */
  private static int windowBits(WebSocketExtension agreed) {
    return agreed.containsParameter(CLIENT_WINDOW)
        ? Integer.parseInt(agreed.getParameter(CLIENT_WINDOW))
        : Deflation.WIDEST_WINDOW;
  }
}
