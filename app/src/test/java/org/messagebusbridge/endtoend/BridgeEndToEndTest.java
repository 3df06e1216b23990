package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.cli.BridgeAssembly;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.relay.BridgeState.StopCause;
import org.messagebusbridge.relay.Direction;
import org.messagebusbridge.relay.RelayStats;
import org.messagebusbridge.relay.Timing;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.ReceivedMessage;
import org.messagebusbridge.sandbox.RecordedConnection;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.junit.Needs;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;

/**
 * Messages cross the whole bridge, both ways at once, and each arrives once, in order, byte for
 * byte.
 */
class BridgeEndToEndTest {
  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  @Nested
  class OnTheEmbeddedBroker extends EndToEnd {
    @Override
    Broker broker() {
      return Brokers.embedded();
    }

    @Override
    int each() {
      return 10_000;
    }
  }

  @Nested
  class OnRabbit310 extends EndToEnd {
    @Override
    Broker broker() {
      Needs.rabbit(RabbitVersion.V3_10);
      return Brokers.rabbit(RabbitVersion.V3_10);
    }
  }

  @Nested
  class OnRabbit310OverTls extends OnRabbit310 {
    @Override
    boolean tls() {
      return true;
    }

    @Override
    int each() {
      return 10_000;
    }
  }

  @Nested
  class OnRabbit40 extends EndToEnd {
    @Override
    Broker broker() {
      Needs.rabbit(RabbitVersion.V4_0);
      return Brokers.rabbit(RabbitVersion.V4_0);
    }
  }

  @Nested
  class OnRabbit40OverTls extends OnRabbit40 {
    @Override
    boolean tls() {
      return true;
    }

    @Override
    int each() {
      return 10_000;
    }
  }

  @Timeout(240)
  abstract static class EndToEnd {
    abstract Broker broker();

    boolean tls() {
      return false;
    }

    /** How many messages go each way. */
    int each() {
      return 100_000;
    }

    @Test
    void carriesEveryMessageBothWaysOnceInOrderByteForByte(TestInfo info) throws Exception {
      Broker broker = broker();
      String name = "e2e-" + System.nanoTime();
      Recorder peer = new Recorder();
      Traffic toWs = Traffic.mixed("to_ws");
      Traffic fromWs = Traffic.mixed("from_ws");
      try (WebSocketService service = service(peer);
          Queues queues = new Queues(broker)) {
        Configuration configuration =
            Settings.of(broker, service, name, tls(), DeliveryConfirm.PONG);
        RunningBridge running =
            new RunningBridge(BridgeAssembly.bridge(configuration, Timing.system(), TIMER));
        running.awaitRelaying();
        RecordedConnection toBridge = peer.awaitConnection(1, Duration.ofSeconds(60));

        CompletableFuture<Integer> published =
            Background.run(
                () -> {
                  queues.publish(name + ".to_ws", toWs, each());
                  return each();
                });
        CompletableFuture<Integer> sent =
            Background.run(
                () -> {
                  for (int n = 1; n <= each(); n++) {
                    Message message = fromWs.message(n);
                    if (message.form() == Message.Form.TEXT) {
                      toBridge.sendText(new String(message.body(), UTF_8));
                    } else {
                      toBridge.sendBinary(message.body());
                    }
                  }
                  return each();
                });
        int consumed = queues.consume(name + ".from_ws", fromWs, each());
        assertThat(published.get(60, TimeUnit.SECONDS)).isEqualTo(each());
        assertThat(sent.get(60, TimeUnit.SECONDS)).isEqualTo(each());
        List<ReceivedMessage> received = peer.awaitCount(each(), Duration.ofMinutes(2));

        StopCause cause = running.stop();

        assertThat(cause).isEqualTo(new StopCause.Requested("the test"));
        assertThat(consumed).isEqualTo(each());
        assertThat(peer.messages()).hasSize(each());
        for (int n = 1; n <= each(); n++) {
          Message expected = toWs.message(n);
          ReceivedMessage got = received.get(n - 1);
          if (got.isText() != (expected.form() == Message.Form.TEXT)
              || !Arrays.equals(got.body(), expected.body())) {
            throw new AssertionError("message " + n + " to_ws is not what was sent: " + got);
          }
        }
        assertThat(broker.depth(name + ".to_ws")).isZero();
        assertThat(broker.depth(name + ".from_ws")).isZero();
        RelayStats.Snapshot to = running.bridge().stats(Direction.OUTBOUND).snapshot();
        RelayStats.Snapshot from = running.bridge().stats(Direction.INBOUND).snapshot();
        assertThat(to.accepted()).isEqualTo(each());
        assertThat(to.received()).isEqualTo(each());
        assertThat(to.redelivered()).isZero();
        assertThat(to.resent()).isZero();
        assertThat(to.rejected()).isZero();
        assertThat(to.inFlight()).isZero();
        assertThat(from.accepted()).isEqualTo(each());
        assertThat(from.resent()).isZero();
        assertThat(from.inFlight()).isZero();
      }
    }

    private static WebSocketService service(Recorder peer) {
      return WebSocketService.builder()
          .path("/path/to/ws")
          .jwt(Settings.CLIENT_ID, Settings.CLIENT_SECRET)
          .behaviour(peer)
          .start();
    }
  }
}
