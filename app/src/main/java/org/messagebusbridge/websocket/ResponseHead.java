package org.messagebusbridge.websocket;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The status line and the headers of an HTTP/1.1 response (RFC 9112, section 4), as far as the
 * bridge needs them.
 *
 * @param text the head itself, with the empty line that ends it, a character a byte
 * @param status the status code
 * @param headers the values by the name in lower case, in the order they came in
 */
record ResponseHead(String text, int status, Map<String, List<String>> headers) {
  private static final int MAX_BYTES = 64 * 1024;
  private static final byte[] PROTOCOL = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

  /** What came is not an HTTP/1.1 response, or one with a head beyond all measure. */
  static final class NotHttpException extends IOException {
    private static final long serialVersionUID = 1L;

    private NotHttpException() {
      super("not an HTTP/1.1 response");
    }
  }

  /** The response says no. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient ResponseHead head;
    private final boolean byProxy;

    RefusedException(ResponseHead head, boolean byProxy) {
      super("answered " + head.status());
      this.head = head;
      this.byProxy = byProxy;
    }

    /** What was answered. */
    ResponseHead head() {
      return head;
    }

    /** Whether it was the proxy that answered, not the API. */
    boolean byProxy() {
      return byProxy;
    }
  }

  /**
   * Reads a head and not a byte more, one by one: it is short, and comes once a connection.
   *
   * @throws NotHttpException when it does not begin as HTTP does, or is longer than 64 KiB
   * @throws EOFException when the peer closes before it is whole
   */
  static ResponseHead read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream(1024);
    int lineLength = 0;
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the connection was closed before an answer came");
      }
      int at = head.size();
      if (at == MAX_BYTES || (at < PROTOCOL.length && b != PROTOCOL[at])) {
        throw new NotHttpException();
      }
      head.write(b);
      if (b == '\n' && lineLength == 0) {
        return parse(head.toString(StandardCharsets.ISO_8859_1));
      }
      lineLength = b == '\n' ? 0 : b == '\r' ? lineLength : lineLength + 1;
    }
  }

  private static ResponseHead parse(String text) throws NotHttpException {
    String[] lines = text.split("\r?\n", -1);
    String[] statusLine = lines[0].split(" +", 3);
    if (statusLine.length < 2 || !statusLine[1].matches("[1-9][0-9]{2}")) {
      throw new NotHttpException();
    }
    Map<String, List<String>> headers = new HashMap<>();
    for (int n = 1; n < lines.length; n++) {
      int colon = lines[n].indexOf(':');
      if (colon > 0) {
        headers
            .computeIfAbsent(
                lines[n].substring(0, colon).strip().toLowerCase(Locale.ROOT),
                name -> new ArrayList<>())
            .add(lines[n].substring(colon + 1).strip());
      }
    }
    return new ResponseHead(text, Integer.parseInt(statusLine[1]), headers);
  }

  /** The head as it came. */
  byte[] bytes() {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The first value of a header, by its name in lower case. */
  Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** Whether permessage-deflate is in force (RFC 7692, section 7). */
  boolean agreesToDeflate() {
    return headers.getOrDefault("sec-websocket-extensions", List.of()).stream()
        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("permessage-deflate"));
  }
}
