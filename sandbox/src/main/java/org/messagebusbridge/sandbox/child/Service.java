package org.messagebusbridge.sandbox.child;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.messagebusbridge.sandbox.WebSocketService;

/**
 * A WebSocket service and how to log in.
 *
 * @param host scheme, host and optional port
 * @param uri path and optional query
 * @param client who to be; empty when no token is asked for, or the environment says it
 */
public record Service(String host, String uri, Optional<Client> client) {

  /**
   * What a JWT is made with.
   *
   * @param secret hexadecimal
   */
  public record Client(String id, String secret) {
    @Override
    public String toString() {
      return id;
    }
  }

  /**
   * A service by its URL.
   *
   * @throws IllegalArgumentException with one sentence, which never shows the text given
   */
  public static Service parse(String url) {
    try {
      URI uri = new URI(url);
      String scheme = String.valueOf(uri.getScheme());
      if ((scheme.equals("ws") || scheme.equals("wss")) && uri.getHost() != null) {
        String host = scheme + "://" + uri.getRawAuthority();
        String rest = url.substring(url.indexOf("://") + 3 + uri.getRawAuthority().length());
        return new Service(host, rest.isEmpty() ? "/" : rest, Optional.empty());
      }
    } catch (URISyntaxException e) {
      // the same advice helps
    }
    throw new IllegalArgumentException(
        "The service's URL has to be ws://host:port/path or wss://host:port/path.");
  }

  /** A service of the sandbox that takes every client. */
  public static Service of(WebSocketService service) {
    return new Service(service.host(), service.uri(), Optional.empty());
  }

  /** A service of the sandbox that asks for this client's token. */
  public static Service of(WebSocketService service, Client client) {
    return new Service(service.host(), service.uri(), Optional.of(client));
  }

  /** Where it is, for people: without the query, which may hold a secret. */
  public String address() {
    int query = uri.indexOf('?');
    return host + (query < 0 ? uri : uri.substring(0, query) + "?...");
  }

  @Override
  public String toString() {
    return address();
  }
}
