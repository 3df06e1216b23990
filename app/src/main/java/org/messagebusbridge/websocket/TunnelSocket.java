package org.messagebusbridge.websocket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A socket to an HTTP proxy. The library takes its streams twice: first to ask for a tunnel and to
 * read the answer, then for what goes through the tunnel, which is a WebSocket, or TLS.
 */
final class TunnelSocket extends Socket {
  private final WireSockets wire;
  private final boolean tls;
  private boolean answered;
  private boolean asked;

  TunnelSocket(WireSockets wire, boolean tls) {
    this.wire = wire;
    this.tls = tls;
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
      return peer;
    }
    return tls ? peer : wire.guard(peer);
  }

  /** The head of the proxy's answer to CONNECT (RFC 9110, section 9.3.6) and nothing behind it. */
  private static InputStream answer(InputStream peer) throws IOException {
    ResponseHead head = ResponseHead.read(peer);
    if (head.status() != 200) {
      throw new ResponseHead.RefusedException(head, true);
    }
    return new ByteArrayInputStream(head.bytes());
  }
}
