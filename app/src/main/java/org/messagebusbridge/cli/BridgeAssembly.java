package org.messagebusbridge.cli;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.messagebusbridge.amqp.AmqpBus;
import org.messagebusbridge.config.AmqpConfig;
import org.messagebusbridge.config.BridgeConfig.HaMode;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.WebSocketConfig;
import org.messagebusbridge.loopback.LoopbackBus;
import org.messagebusbridge.relay.Backoff;
import org.messagebusbridge.relay.Bridge;
import org.messagebusbridge.relay.Bridge.Link;
import org.messagebusbridge.relay.Relay;
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
    WebSocketConfig webSocket =
        configuration
            .webSocket()
            .orElseThrow(() -> new IllegalArgumentException("a bridge needs a WebSocket API"));
    RetryPolicy retries =
        RetryPolicy.counted(
            webSocket.maxConnectAttempts(), webSocket.attemptWindow(), Backoff.STANDARD);
    AmqpBus amqp = amqp(configuration);
    boolean inTurn = inTurn(configuration);
    WebSocketBus bus = new WebSocketBus(webSocket, timer);
    return bridge(
        configuration,
        amqp,
        new Link(inTurn ? bus.writingOnlyWhile(amqp::isItsTurn) : bus, retries, inTurn),
        webSocket.hold(),
        timing);
  }

  /**
   * A bridge between the broker and itself ({@code -X}), not running yet: what MQ sends comes back.
   */
  public static Bridge stub(Configuration configuration, Timing timing) {
    RetryPolicy never = RetryPolicy.boundedAtStart(1, Backoff.STANDARD);
    return bridge(
        configuration,
        amqp(configuration),
        new Link(new LoopbackBus(), never, inTurn(configuration)),
        Duration.ZERO,
        timing);
  }

  private static boolean inTurn(Configuration configuration) {
    return configuration.bridge().haMode() == HaMode.STANDBY;
  }

  private static AmqpBus amqp(Configuration configuration) {
    AmqpConfig amqp = configuration.amqp();
    return inTurn(configuration) ? AmqpBus.inTurn(amqp, AmqpBus.Tuning.DEFAULT) : new AmqpBus(amqp);
  }

  private static Bridge bridge(
      Configuration configuration,
      AmqpBus amqpBus,
      Link webSocketSide,
      Duration hold,
      Timing timing) {
    AmqpConfig amqp = configuration.amqp();
    return new Bridge(
        new Link(amqpBus, RetryPolicy.boundedAtStart(amqp.maxConnectAttempts(), Backoff.STANDARD)),
        webSocketSide,
        new Relay.Settings(hold, amqp.maxDeliveries()),
        configuration.bridge().drain(),
        timing);
  }
}
