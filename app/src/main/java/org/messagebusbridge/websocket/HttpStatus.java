package org.messagebusbridge.websocket;

/** Names of HTTP status codes (RFC 9110, section 15), so that a peer's own text is not quoted. */
final class HttpStatus {
  private HttpStatus() {}

  /** The code with its name, if it is one that a handshake is often answered with. */
  static String describe(int status) {
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
}
