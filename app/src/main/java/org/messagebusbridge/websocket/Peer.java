package org.messagebusbridge.websocket;

import java.net.URI;
import org.messagebusbridge.config.WebSocketConfig;

/**
 * Where the WebSocket API is, as a sentence names it: without the query, which is for a token.
 *
 * @param url scheme, host, port and path
 * @param host the host's name or address
 * @param address host and port, the scheme's own if none is written
 * @param secure whether TLS is spoken
 */
record Peer(String url, String host, String address, boolean secure) {

  /**
   * The peer that is configured.
   *
   * @throws IllegalArgumentException when that is not a URL with a host
   */
  static Peer of(WebSocketConfig config) {
    URI uri = config.url();
    String host = uri.getHost();
    if (host == null || host.isEmpty()) {
      throw new IllegalArgumentException("no host");
    }
    boolean secure = "wss".equalsIgnoreCase(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
    String url = (config.apiHost() + config.apiUri()).replaceFirst("[?#].*", "");
    return new Peer(url.replaceFirst("//[^/@]*@", "//"), host, host + ":" + port, secure);
  }

  @Override
  public String toString() {
    return url;
  }
}
