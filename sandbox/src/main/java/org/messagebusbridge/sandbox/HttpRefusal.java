package org.messagebusbridge.sandbox;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP answer to a WebSocket handshake that is not an upgrade (RFC 6455, section 4.2.2).
 *
 * @param status the HTTP status, 200 to 599 (200 with a page is what a misplaced web server
 *     answers)
 * @param headers further headers, in order; {@code Content-Length} and {@code Connection} are added
 * @param contentType the body's media type
 * @param body the body, sent in UTF-8
 */
public record HttpRefusal(
    int status, Map<String, String> headers, String contentType, String body) {

  public HttpRefusal {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException(
          "an HTTP refusal has a status of 200 to 599, not " + status);
    }
    headers = Map.copyOf(headers);
  }

  /** A refusal in plain text. */
  public static HttpRefusal of(int status, String body) {
    return new HttpRefusal(status, Map.of(), "text/plain; charset=utf-8", body);
  }

  /** A refusal with an HTML page, as load balancers and web servers answer. */
  public static HttpRefusal html(int status, String page) {
    return new HttpRefusal(status, Map.of(), "text/html; charset=utf-8", page);
  }

  /** 401 with a reason. */
  public static HttpRefusal unauthorized(String reason) {
    return of(401, reason).with("WWW-Authenticate", "Bearer");
  }

  /** 403 with a reason. */
  public static HttpRefusal forbidden(String reason) {
    return of(403, reason);
  }

  /** 404. */
  public static HttpRefusal notFound() {
    return of(404, "no such path");
  }

  /** 429 with {@code Retry-After} in whole seconds (RFC 9110, section 10.2.3). */
  public static HttpRefusal tooManyRequests(Duration retryAfter) {
    return of(429, "too many requests").with("Retry-After", Long.toString(retryAfter.toSeconds()));
  }

  /** 500. */
  public static HttpRefusal internalError() {
    return of(500, "internal error");
  }

  /** 503. */
  public static HttpRefusal unavailable() {
    return of(503, "unavailable");
  }

  /** This refusal with one more header. */
  public HttpRefusal with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpRefusal(status, more, contentType, body);
  }
}
