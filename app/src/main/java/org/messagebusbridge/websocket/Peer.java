package org.messagebusbridge.websocket;

/**
 * Where the WebSocket API is, as a sentence names it: without the query, which is for a token.
 *
 * @param url scheme, host, port and path
 * @param authority host and port as they are written, with no port if none is
 * @param host the host's name or address, an IPv6 address in its brackets
 * @param port the scheme's own if none is written
 * @param secure whether TLS is spoken
 */
record Peer(String url, String authority, String host, int port, boolean secure) {

  /**
   * The peer that is configured.
   *
   * @throws IllegalArgumentException when that is not a URL with a host
   */
  static Peer of(WebSocketConfig config) {
    if (config.host().isEmpty()) {
      throw new IllegalArgumentException("no host");
    }
    String url = (config.apiHost() + config.apiUri()).replaceFirst("[?#].*", "");
    String authority = config.apiHost().replaceFirst("^[^:]*://", "");
    return new Peer(url, authority, config.host(), config.port(), config.secure());
  }

  /** Host and port. */
  String address() {
    return host + ":" + port;
  }

  @Override
  public String toString() {
    return url;
  }
}
