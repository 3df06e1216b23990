package org.messagebusbridge.observability.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param status of HTTP
 * @param headers by name, {@code Content-Type} among them
 */
record Answer(int status, Map<String, String> headers, String body) {
  static final String JSON = "application/json";
  private static final String TYPE = "Content-Type";

  Answer {
    headers = Map.copyOf(headers);
  }

  /** An answer with no headers but its type, which is in UTF-8. */
  static Answer of(int status, String type, String body) {
    return new Answer(status, Map.of(TYPE, type + "; charset=utf-8"), body);
  }

  /** A page that may load and run what has these hashes, ask where it came from, and no more. */
  static Answer page(String contentSecurityPolicy, String body) {
    return new Answer(
        200,
        Map.of(TYPE, "text/html; charset=utf-8", "Content-Security-Policy", contentSecurityPolicy),
        body);
  }

  /** A sentence that says why there is nothing else. */
  static Answer refusal(int status, String sentence) {
    return of(status, "text/plain", sentence + "\n");
  }

  /** The same with one more header. */
  Answer with(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body);
  }

  /** The words beside the status (RFC 9110, section 15). */
  String reason() {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 421 -> "Misdirected Request";
      case 431 -> "Request Header Fields Too Large";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }

  byte[] bytes() {
    return body.getBytes(UTF_8);
  }
}
