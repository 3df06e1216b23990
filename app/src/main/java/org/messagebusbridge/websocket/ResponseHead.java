package org.messagebusbridge.websocket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The status line and the headers of an HTTP/1.1 response (RFC 9112, section 4), as far as the
 * bridge needs them.
 *
 * @param status the status code
 * @param headers the values by the name in lower case, in the order they came in
 */
record ResponseHead(int status, Map<String, List<String>> headers) {
  private static final int MAX_BYTES = 64 * 1024;
  private static final byte[] PROTOCOL = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TUNNEL =
      "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final String EXTENSIONS = "sec-websocket-extensions";

  /** What came is not an HTTP/1.1 response. */
  static final class NotHttpException extends IOException {
    private static final long serialVersionUID = 1L;

    private NotHttpException() {
      super("not an HTTP/1.1 response");
    }
  }

  /** What came is HTTP, but its head has no end within reason. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    private TooLongException() {
      super("a head of more than 64 KiB");
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
   * Reads the head of the final response and not a byte more, one by one: it is short, and comes
   * once a connection. Interim responses before it are passed over (RFC 9110, section 15.2).
   *
   * @throws NotHttpException when it does not begin as HTTP does
   * @throws TooLongException when all of it together is longer than 64 KiB
   * @throws EOFException when the peer closes before it is whole
   */
  static ResponseHead read(InputStream in) throws IOException {
    int left = MAX_BYTES;
    while (true) {
      String text = readOne(in, left);
      left -= text.length();
      ResponseHead head = parse(text);
      if (head.status >= 200 || head.status == SWITCHING_PROTOCOLS) {
        return head;
      }
    }
  }

  /**
   * Reads the head of a proxy's answer to CONNECT (RFC 9110, section 9.3.6) and nothing behind it.
   *
   * @return what the library is to see of it
   * @throws RefusedException when it opens no tunnel
   */
  static InputStream tunnelAnswer(InputStream proxy) throws IOException {
    ResponseHead head = read(proxy);
    if (!head.successful()) {
      throw new RefusedException(head, true);
    }
    return new ByteArrayInputStream(TUNNEL);
  }

  private static String readOne(InputStream in, int maxBytes) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream(1024);
    int lineLength = 0;
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the connection was closed before an answer came");
      }
      int at = head.size();
      if (at < PROTOCOL.length && b != PROTOCOL[at]) {
        throw new NotHttpException();
      }
      if (at == maxBytes) {
        throw new TooLongException();
      }
      head.write(b);
      if (b == '\n' && lineLength == 0) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
      lineLength = b == '\n' ? 0 : b == '\r' ? lineLength : lineLength + 1;
    }
  }

  private static ResponseHead parse(String text) throws NotHttpException {
    // A header may go on in the next line (RFC 9112, section 5.2).
    String[] lines = text.replaceAll("\\r?\\n[ \\t]+", " ").split("\\r?\\n", -1);
    String[] statusLine = lines[0].split(" +", 3);
    if (statusLine.length < 2 || !statusLine[1].matches("[1-9][0-9]{2}")) {
      throw new NotHttpException();
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
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
    return new ResponseHead(Integer.parseInt(statusLine[1]), headers);
  }

  /** The status code, with its name if it is one that a handshake is often answered with. */
  String describeStatus() {
    // By RFC 9110, section 15, so that a peer's own text is not quoted.
    String name =
        switch (status) {
          case 200 -> "OK";
          case 301 -> "Moved Permanently";
          case 302 -> "Found";
          case 303 -> "See Other";
          case 307 -> "Temporary Redirect";
          case 308 -> "Permanent Redirect";
          case 400 -> "Bad Request";
          case 401 -> "Unauthorized";
          case 403 -> "Forbidden";
          case 404 -> "Not Found";
          case 405 -> "Method Not Allowed";
          case 407 -> "Proxy Authentication Required";
          case 408 -> "Request Timeout";
          case 425 -> "Too Early";
          case 426 -> "Upgrade Required";
          case 429 -> "Too Many Requests";
          case 500 -> "Internal Server Error";
          case 502 -> "Bad Gateway";
          case 503 -> "Service Unavailable";
          case 504 -> "Gateway Timeout";
          default -> "";
        };
    return name.isEmpty() ? Integer.toString(status) : status + " " + name;
  }

  /** Whether it opens a WebSocket (RFC 6455, section 4.1). */
  boolean switchesProtocols() {
    return status == SWITCHING_PROTOCOLS;
  }

  /** Whether it opens a tunnel: any 2xx to CONNECT does (RFC 9110, section 9.3.6). */
  boolean successful() {
    return status / 100 == 2;
  }

  /**
   * The head as the library takes it: lists of extensions without their empty elements, which a
   * recipient has to pass over (RFC 9110, section 5.6.1.2).
   */
  byte[] bytes() {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" \r\n");
    headers.forEach(
        (name, values) -> {
          for (String value : values) {
            String elements = name.equals(EXTENSIONS) ? withoutEmptyElements(value) : value;
            if (!elements.isEmpty()) {
              head.append(name).append(": ").append(elements).append("\r\n");
            }
          }
        });
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String withoutEmptyElements(String list) {
    return String.join(
        ", ", Arrays.stream(list.split(",")).map(String::strip).filter(e -> !e.isEmpty()).toList());
  }

  /** The first value of a header, by its name in lower case. */
  Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** Whether permessage-deflate is in force (RFC 7692, section 7). */
  boolean agreesToDeflate() {
    return headers.getOrDefault(EXTENSIONS, List.of()).stream()
        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("permessage-deflate"));
  }
}
