package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.ProxySettings;
import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketExtension;
import com.neovisionaries.ws.client.WebSocketFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.tls.TlsContexts;
import org.messagebusbridge.tls.TlsException;
import org.messagebusbridge.websocket.WebSocketConfig.Auth;

/**
 * What a handshake is made of: URL, credentials, headers, extensions, TLS, proxy.
 *
 * @param credentials asked at each connect
 * @param nonces gives a nonce that was never given before
 */
record Dialler(
    WebSocketConfig config,
    Supplier<Credentials> credentials,
    InstantSource clock,
    Supplier<UUID> nonces) {

  /** A WebSocket that has not connected yet, over the sockets given. */
  WebSocket prepare(Peer peer, WireSockets sockets) throws BusException {
    WebSocketFactory factory = new WebSocketFactory();
    // The library's own check reads a chain's first name only; TlsContexts has the JDK check it.
    factory.setVerifyHostname(false);
    if (peer.secure()) {
      factory.setSSLSocketFactory(sockets.tls(tls(peer)));
    } else {
      factory.setSocketFactory(sockets.plain());
    }
    config.proxy().ifPresent(proxy -> through(proxy, factory.getProxySettings(), sockets));
    Credentials shown = credentials.get();
    try {
      WebSocket webSocket = factory.createSocket(url(shown));
      offer(webSocket);
      authorize(webSocket, shown);
      return webSocket;
    } catch (IOException | IllegalArgumentException e) {
      // Neither message is passed on: either may quote the URL, and that has the token.
      throw misconfigured(
          "The handshake with "
              + peer
              + " cannot be made up: check api_host, api_uri, ws_headers and ws_subprotocols.");
    }
  }

  private SSLSocketFactory tls(Peer peer) throws BusException {
    try {
      return TlsContexts.socketFactory(config.tls(), WebSocketKeys.TLS_FILES, peer.host());
    } catch (TlsException e) {
      throw misconfigured(e.sentence());
    }
  }

  private static void through(
      WebSocketConfig.Proxy proxy, ProxySettings settings, WireSockets sockets) {
    settings.setHost(proxy.host()).setPort(proxy.port()).setSocketFactory(sockets.tunnel());
    proxy.user().ifPresent(settings::setId);
    proxy.password().map(Secret::reveal).ifPresent(settings::setPassword);
  }

  private String url(Credentials shown) throws BusException {
    String url = config.apiHost() + config.apiUri();
    if (config.auth() != Auth.JWT) {
      return url;
    }
    String id = demand(shown.clientId(), "client_id");
    String secret = demand(shown.clientSecret(), "client_secret").reveal();
    Jwt jwt =
        new Jwt(
            id,
            config.apiHost(),
            config.apiUri(),
            config.get(WebSocketKeys.JWT_REGION),
            nonces.get().toString(),
            clock.instant());
    try {
      return url + (config.apiUri().contains("?") ? "&jwt=" : "?jwt=") + jwt.sign(secret);
    } catch (IllegalArgumentException e) {
      throw misconfigured(
          "client_secret is not hexadecimal, which ws_auth=jwt needs; copy it again as the API's"
              + " provider gave it.");
    }
  }

  private void offer(WebSocket webSocket) {
    config.subprotocols().forEach(webSocket::addProtocol);
    config.headers().forEach(h -> webSocket.addHeader(h.name(), h.value().reveal()));
    if (config.get(WebSocketKeys.COMPRESSION) == WebSocketConfig.Compression.PERMESSAGE_DEFLATE) {
      webSocket.addExtension(Deflation.offer());
    }
  }

  /** The permessage-deflate (RFC 7692) that the handshake has agreed on. */
  static Optional<WebSocketExtension> agreedDeflate(WebSocket webSocket) {
    List<WebSocketExtension> extensions = webSocket.getAgreedExtensions();
    return Optional.ofNullable(extensions).stream()
        .flatMap(List::stream)
        .filter(e -> e.getName().equals(WebSocketExtension.PERMESSAGE_DEFLATE))
        .findFirst();
  }

  private void authorize(WebSocket webSocket, Credentials shown) throws BusException {
    switch (config.auth()) {
      case BEARER ->
          webSocket.addHeader(
              "Authorization", "Bearer " + demand(shown.clientSecret(), "client_secret").reveal());
      case BASIC -> {
        String pair =
            demand(shown.clientId(), "client_id")
                + ":"
                + demand(shown.clientSecret(), "client_secret").reveal();
        webSocket.addHeader(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
      }
      case JWT, NONE -> {
        // The URL has the token, or there is nothing to show.
      }
    }
  }

  private <T> T demand(Optional<T> value, String key) throws BusException {
    if (value.isEmpty()) {
      throw misconfigured(
          "ws_auth="
              + config.auth().name().toLowerCase(Locale.ROOT)
              + " needs "
              + key
              + ": set it in section ws_api.");
    }
    return value.get();
  }

  private static BusException misconfigured(String sentence) {
    return new BusException(BusException.Kind.MISCONFIGURED, sentence, null);
  }
}
