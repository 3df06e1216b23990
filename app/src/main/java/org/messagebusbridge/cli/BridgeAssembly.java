package org.messagebusbridge.cli;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import org.messagebusbridge.amqp.AmqpBus;
import org.messagebusbridge.bus.Backoff;
import org.messagebusbridge.config.AmqpConfig;
import org.messagebusbridge.config.BridgeConfig.HaMode;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.WebSocketConfig;
import org.messagebusbridge.loopback.LoopbackBus;
import org.messagebusbridge.relay.Bridge;
import org.messagebusbridge.relay.Bridge.Link;
import org.messagebusbridge.relay.Relay;
import org.messagebusbridge.relay.Renewal;
import org.messagebusbridge.relay.RetryPolicy;
import org.messagebusbridge.relay.Timing;
import org.messagebusbridge.websocket.WebSocketBus;

/** The composition root: the one place that knows every bus. */
public final class BridgeAssembly {
  private BridgeAssembly() {}

  /**
   * A bridge between the broker and the WebSocket API, not running yet.
   *
   * @param timer runs what the buses do in time; shared, never shut down here
   * @throws IllegalArgumentException when the configuration has no WebSocket API
   */
  public static Bridge bridge(
      Configuration configuration, Timing timing, ScheduledExecutorService timer) {
    return bridge(Logins.of(configuration), timing, timer);
  }

  /** The same, with credentials that may change. */
  static Bridge bridge(Logins logins, Timing timing, ScheduledExecutorService timer) {
    WebSocketConfig webSocket =
        logins
            .initial()
            .webSocket()
            .orElseThrow(() -> new IllegalArgumentException("a bridge needs a WebSocket API"));
    RetryPolicy retries =
        RetryPolicy.counted(
            webSocket.maxConnectAttempts().orElse(Integer.MAX_VALUE),
            webSocket.attemptWindow(),
            Backoff.STANDARD,
            "ws_max_connect_attempts");
    AmqpBus amqp = amqp(logins);
    boolean inTurn = inTurn(logins);
    WebSocketBus bus =
        new WebSocketBus(
            webSocket, timer, logins::webSocket, InstantSource.system(), UUID::randomUUID);
    return bridge(
        logins,
        amqp,
        new Link(inTurn ? bus.writingOnlyWhile(amqp::isItsTurn) : bus, retries, logins, inTurn),
        new Relay.Settings(
            "to_ws", webSocket.hold(), Optional.of(caution(logins.initial().amqp(), webSocket))),
        timing);
  }

  /** Without pongs there are no receipts to keep: {@code flush} trusts the operating system. */
  private static Relay.Caution caution(AmqpConfig amqp, WebSocketConfig webSocket) {
    WebSocketConfig.Evidence evidence = webSocket.evidence();
    boolean receipts = webSocket.deliveryConfirm() == WebSocketConfig.DeliveryConfirm.PONG;
    return new Relay.Caution(
        amqp.maxDeliveries(),
        receipts ? evidence.receiptGrace() : Duration.ZERO,
        evidence.breakerAfter());
  }

  /**
   * A bridge between the broker and itself ({@code -X}), not running yet: what MQ sends comes back.
   */
  public static Bridge stub(Configuration configuration, Timing timing) {
    return stub(Logins.of(configuration), timing);
  }

  /** The same, with credentials that may change. */
  static Bridge stub(Logins logins, Timing timing) {
    RetryPolicy never = RetryPolicy.boundedAtStart(1, Backoff.STANDARD, "");
    return bridge(
        logins,
        amqp(logins),
        new Link(new LoopbackBus(), never, Renewal.NONE, inTurn(logins)),
        new Relay.Settings("to_ws", Duration.ZERO, Optional.empty()),
        timing);
  }

  private static boolean inTurn(Logins logins) {
    return logins.initial().bridge().haMode() == HaMode.STANDBY;
  }

  private static AmqpBus amqp(Logins logins) {
    return inTurn(logins)
        ? AmqpBus.inTurn(logins::amqp, AmqpBus.Tuning.DEFAULT)
        : new AmqpBus(logins::amqp, AmqpBus.Tuning.DEFAULT);
  }

  /** The relay from_ws holds as long as the other; its peer never hangs up over a message. */
  private static Bridge bridge(
      Logins logins,
      AmqpBus amqpBus,
      Link webSocketSide,
      Relay.Settings toWebSocket,
      Timing timing) {
    Configuration configuration = logins.initial();
    AmqpConfig amqp = configuration.amqp();
    RetryPolicy retries =
        RetryPolicy.boundedAtStart(
            amqp.maxConnectAttempts(), Backoff.STANDARD, "mq_max_connect_attempts");
    return new Bridge(
        new Link(amqpBus, retries, logins, false),
        webSocketSide,
        toWebSocket,
        new Relay.Settings("from_ws", toWebSocket.hold(), Optional.empty()),
        configuration.bridge().drain(),
        timing);
  }
}
