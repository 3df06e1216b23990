package org.messagebusbridge.observability.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client asks, as far as it matters here (RFC 9112, sections 3 and 6).
 *
 * @param path without the query
 * @param host of the header {@code Host}; empty: there is none
 * @param last whether the connection ends with the answer: because the client wants it, or sends a
 *     body, which nothing here reads
 */
record HttpRequest(String method, String path, Optional<String> host, boolean last) {

  /**
   * Reads it.
   *
   * @param head the request line and the headers, without the empty line behind them
   * @return empty when it is none
   */
  static Optional<HttpRequest> of(String head) {
    String[] lines = head.split("\r?\n", -1);
    String[] words = lines[0].split(" ", -1);
    if (words.length != 3 || words[0].isEmpty() || !words[2].matches("HTTP/1\\.\\d")) {
      return Optional.empty();
    }
    Optional<String> path = path(words[1]);
    Optional<String> host = Optional.empty();
    boolean last = words[2].equals("HTTP/1.0");
    for (int n = 1; n < lines.length; n++) {
      int colon = lines[n].indexOf(':');
      if (colon <= 0) {
        return Optional.empty();
      }
      String value = lines[n].substring(colon + 1).strip();
      switch (lines[n].substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "host" -> {
          if (host.isPresent()) {
            return Optional.empty();
          }
          host = Optional.of(value);
        }
        case "connection" -> last |= value.toLowerCase(Locale.ROOT).contains("close");
        case "content-length" -> last |= !value.equals("0");
        case "transfer-encoding" -> last = true;
        default -> {}
      }
    }
    if (path.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new HttpRequest(words[0], path.get(), host, last));
  }

  private static Optional<String> path(String target) {
    try {
      return target.startsWith("/")
          ? Optional.of(target.split("[?#]", 2)[0])
          : Optional.ofNullable(URI.create(target).getRawPath());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
