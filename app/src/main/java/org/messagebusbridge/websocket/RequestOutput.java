package org.messagebusbridge.websocket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A stream that puts the right host and port into the request that the library makes, and passes on
 * all that follows it. The library takes its URL apart with {@link java.net.URI}, to which a name
 * with an underscore is no host, and then has no port for it. For one thread at a time.
 */
final class RequestOutput extends OutputStream {
  private static final String END = "\r\n\r\n";

  private final OutputStream peer;
  private final String authority;
  private ByteArrayOutputStream head = new ByteArrayOutputStream();
  private boolean requested;

  /**
   * @param authority host and port as the request is to name them (RFC 9112, section 3.2)
   */
  RequestOutput(OutputStream peer, String authority) {
    this.peer = peer;
    this.authority = authority;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (requested) {
      peer.write(bytes, offset, length);
      return;
    }
    head.write(bytes, offset, length);
    String request = head.toString(StandardCharsets.ISO_8859_1);
    if (request.endsWith(END)) {
      requested = true;
      head = new ByteArrayOutputStream(0);
      peer.write(corrected(request).getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private String corrected(String request) {
    return request
        .replaceFirst("^CONNECT \\S+", "CONNECT " + authority)
        .replaceFirst("\r\nHost: [^\r]*", "\r\nHost: " + authority);
  }

  @Override
  public void flush() throws IOException {
    peer.flush();
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
