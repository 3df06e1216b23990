package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;

/** A client's handshake by hand. */
final class RawHandshake {

  private RawHandshake() {}

  /** Opens a WebSocket at {@code /ws}; gives the head of the answer. */
  static String open(Socket socket, DataInputStream in, String... headers) throws IOException {
    String request =
        """
        GET /ws HTTP/1.1
        Host: x
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13
        """
            + String.join("\n", headers)
            + (headers.length == 0 ? "\n" : "\n\n");
    socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(US_ASCII));
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }
}
