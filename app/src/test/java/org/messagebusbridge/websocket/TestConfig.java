package org.messagebusbridge.websocket;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Key;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.TlsFileKeys;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.websocket.WebSocketConfig.Auth;
import org.messagebusbridge.websocket.WebSocketConfig.Compression;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;
import org.messagebusbridge.websocket.WebSocketConfig.FrameType;
import org.messagebusbridge.websocket.WebSocketConfig.Header;
import org.messagebusbridge.websocket.WebSocketConfig.Proxy;

/** The defaults of section {@code ws_api}, but for the credentials, of which there are none. */
final class TestConfig {
  private final String host;
  private final String uri;
  Optional<String> clientId = Optional.empty();
  Optional<Secret> clientSecret = Optional.empty();
  Auth auth = Auth.NONE;
  Duration pingInterval = Duration.ofSeconds(10);
  List<Header> headers = List.of();
  List<String> subprotocols = List.of();
  FrameType frameType = FrameType.AUTO;
  int maxMessageBytes = 16 << 20;
  DeliveryConfirm deliveryConfirm = DeliveryConfirm.PONG;
  Duration receiptInterval = Duration.ZERO;
  Duration pongTimeout = Duration.ofSeconds(30);
  Optional<Proxy> proxy = Optional.empty();
  Compression compression = Compression.OFF;
  Duration connectTimeout = Duration.ofSeconds(10);
  Duration maxRetryAfter = Duration.ofMinutes(5);
  TlsFiles tls = TlsFiles.NONE;

  TestConfig(String host, String uri) {
    this.host = host;
    this.uri = uri;
  }

  TestConfig credentials(Auth how, String id, String secret) {
    auth = how;
    clientId = Optional.of(id).filter(name -> !name.isEmpty());
    clientSecret = Optional.of(new Secret(secret));
    return this;
  }

  TestConfig trusting(Path caFile) {
    tls = new TlsFiles(Optional.of(caFile), tls.clientCertFile(), tls.clientKeyFile());
    return this;
  }

  WebSocketConfig build() {
    WebSocketConfig built =
        new WebSocketConfig(Configuration.DEFAULTS)
            .with(WebSocketKeys.API_HOST, host)
            .with(WebSocketKeys.API_URI, uri)
            .with(WebSocketKeys.AUTH, auth)
            .with(WebSocketKeys.PING_INTERVAL, pingInterval)
            .with(WebSocketKeys.HEADERS, headers)
            .with(WebSocketKeys.SUBPROTOCOLS, subprotocols)
            .with(WebSocketKeys.FRAME_TYPE, frameType)
            .with(WebSocketKeys.MAX_MESSAGE_BYTES, maxMessageBytes)
            .with(WebSocketKeys.DELIVERY_CONFIRM, deliveryConfirm)
            .with(WebSocketKeys.RECEIPT_INTERVAL, receiptInterval)
            .with(WebSocketKeys.PONG_TIMEOUT, pongTimeout)
            .with(WebSocketKeys.COMPRESSION, compression)
            .with(WebSocketKeys.CONNECT_TIMEOUT, connectTimeout)
            .with(WebSocketKeys.MAX_RETRY_AFTER, maxRetryAfter);
    TlsFileKeys files = WebSocketKeys.TLS_FILES;
    built = with(built, WebSocketKeys.CLIENT_ID, clientId);
    built = with(built, WebSocketKeys.CLIENT_SECRET, clientSecret);
    built = with(built, WebSocketKeys.PROXY, proxy);
    built = with(built, files.caFile(), tls.caFile());
    built = with(built, files.clientCertFile(), tls.clientCertFile());
    return with(built, files.clientKeyFile(), tls.clientKeyFile());
  }

  private static <T> WebSocketConfig with(WebSocketConfig of, Key<T> key, Optional<T> value) {
    return value.map(set -> of.with(key, set)).orElse(of);
  }
}
