package org.messagebusbridge.websocket;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.config.WebSocketConfig;
import org.messagebusbridge.config.WebSocketConfig.Auth;
import org.messagebusbridge.config.WebSocketConfig.Compression;
import org.messagebusbridge.config.WebSocketConfig.DeliveryConfirm;
import org.messagebusbridge.config.WebSocketConfig.Evidence;
import org.messagebusbridge.config.WebSocketConfig.FrameType;
import org.messagebusbridge.config.WebSocketConfig.Header;
import org.messagebusbridge.config.WebSocketConfig.Proxy;

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
  Evidence evidence = Evidence.DEFAULT;
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
    return new WebSocketConfig(
        clientId,
        clientSecret,
        host,
        uri,
        pingInterval,
        OptionalInt.of(10),
        Duration.ofMinutes(1),
        auth,
        headers,
        subprotocols,
        frameType,
        maxMessageBytes,
        deliveryConfirm,
        receiptInterval,
        pongTimeout,
        evidence,
        Duration.ofSeconds(5),
        proxy,
        compression,
        connectTimeout,
        maxRetryAfter,
        "ny",
        tls,
        Optional.empty());
  }
}
