package org.messagebusbridge.endtoend;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.messagebusbridge.config.AmqpConfig;
import org.messagebusbridge.config.BridgeConfig;
import org.messagebusbridge.config.CloudWatchConfig;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.TlsFiles;
import org.messagebusbridge.config.WebSocketConfig;
import org.messagebusbridge.config.WebSocketConfig.DeliveryConfirm;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.WebSocketService;

/**
 * Configurations of a bridge between a broker and a WebSocket service of the sandbox, defaults
 * where nothing is said.
 */
final class Settings {
  static final String CLIENT_ID = "client-7";
  static final String CLIENT_SECRET = "00ff10a0deadbeef";

  private Settings() {}

  /** {@code name} makes the queues' names. */
  static Configuration of(
      Broker broker, WebSocketService service, String name, boolean tls, DeliveryConfirm confirm) {
    return of(broker, service.host(), service.uri(), name, tls, confirm);
  }

  /** The same, with the WebSocket API elsewhere: behind a proxy. */
  static Configuration of(
      Broker broker,
      String apiHost,
      String apiUri,
      String name,
      boolean tls,
      DeliveryConfirm confirm) {
    TlsFiles files =
        tls
            ? new TlsFiles(
                Optional.of(broker.certificates().orElseThrow().caFile()),
                Optional.empty(),
                Optional.empty())
            : TlsFiles.NONE;
    AmqpConfig amqp =
        new AmqpConfig(
            broker.host(),
            tls ? broker.tlsPort().orElseThrow() : broker.port(),
            tls,
            broker.vhost(),
            broker.user(),
            new Secret(broker.password()),
            name + ".to_ws",
            name + ".from_ws",
            Duration.ofMinutes(5),
            "mqhandler",
            files,
            500,
            true,
            Optional.empty(),
            5,
            OptionalInt.of(15),
            Optional.of(name + ".to_ws.dead"),
            5,
            Duration.ofSeconds(20),
            Optional.empty());
    WebSocketConfig webSocket =
        new WebSocketConfig(
            Optional.of(CLIENT_ID),
            Optional.of(new Secret(CLIENT_SECRET)),
            apiHost,
            apiUri,
            Duration.ofSeconds(10),
            OptionalInt.of(10),
            Duration.ofSeconds(60),
            WebSocketConfig.Auth.JWT,
            List.of(),
            List.of(),
            WebSocketConfig.FrameType.AUTO,
            1 << 24,
            confirm,
            Duration.ZERO,
            Duration.ofSeconds(30),
            WebSocketConfig.Evidence.DEFAULT,
            Duration.ofSeconds(5),
            Optional.empty(),
            WebSocketConfig.Compression.OFF,
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            "ny",
            TlsFiles.NONE,
            Optional.empty());
    return new Configuration(
        Optional.of(webSocket),
        amqp,
        new CloudWatchConfig(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            30,
            Optional.empty(),
            Duration.ofSeconds(10)),
        new BridgeConfig(
            BridgeConfig.HaMode.PARALLEL,
            Duration.ofSeconds(10),
            "127.0.0.1",
            OptionalInt.empty()));
  }

  /** The same with another {@code ws_hold_secs}. */
  static Configuration withHold(Configuration of, Duration hold) {
    WebSocketConfig ws = of.webSocket().orElseThrow();
    WebSocketConfig changed =
        new WebSocketConfig(
            ws.clientId(),
            ws.clientSecret(),
            ws.apiHost(),
            ws.apiUri(),
            ws.pingInterval(),
            ws.maxConnectAttempts(),
            ws.attemptWindow(),
            ws.auth(),
            ws.headers(),
            ws.subprotocols(),
            ws.frameType(),
            ws.maxMessageBytes(),
            ws.deliveryConfirm(),
            ws.receiptInterval(),
            ws.pongTimeout(),
            ws.evidence(),
            hold,
            ws.proxy(),
            ws.compression(),
            ws.connectTimeout(),
            ws.maxRetryAfter(),
            ws.jwtRegion(),
            ws.tls(),
            ws.secretArn());
    return new Configuration(Optional.of(changed), of.amqp(), of.cloudWatch(), of.bridge());
  }
}
