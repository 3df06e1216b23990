package org.messagebusbridge.websocket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A socket to an HTTP proxy. The library takes its streams twice: first to ask for a tunnel and to
 * read the answer, then for what goes through the tunnel, which is a WebSocket, or TLS.
 */
final class TunnelSocket extends Socket {
  /** What of an answer the library wants to see. */
  private static final byte[] TUNNEL =
      "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final WireSockets wire;
  private final Peer target;
  private final boolean tls;
  private boolean answered;
  private boolean asked;

  TunnelSocket(WireSockets wire, Peer target) {
    this.wire = wire;
    this.target = target;
    this.tls = target.secure();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    InputStream peer = super.getInputStream();
    if (!answered) {
      answered = true;
      return answer(peer);
    }
    return tls ? peer : wire.guard(peer);
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    OutputStream peer = super.getOutputStream();
    if (!asked) {
      asked = true;
      return new RequestOutput(peer, target.address());
    }
    return tls ? peer : wire.guard(peer);
  }

  /** The head of the proxy's answer to CONNECT (RFC 9110, section 9.3.6) and nothing behind it. */
  private static InputStream answer(InputStream peer) throws IOException {
    ResponseHead head = ResponseHead.read(peer);
    if (!head.successful()) {
      throw new ResponseHead.RefusedException(head, true);
    }
    return new ByteArrayInputStream(TUNNEL);
  }
}
