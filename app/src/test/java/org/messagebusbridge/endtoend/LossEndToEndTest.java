package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.amqp.AmqpConfig;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.cli.BridgeAssembly;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.relay.BridgeState.StopCause;
import org.messagebusbridge.relay.Direction;
import org.messagebusbridge.relay.Timing;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.FaultProxy;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.ReceivedMessage;
import org.messagebusbridge.sandbox.RecordedConnection;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.junit.Needs;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;
import org.messagebusbridge.websocket.WebSocketKeys;

/** What breaks while messages are on their way costs none of them. */
@Timeout(240)
class LossEndToEndTest {
  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private static final int PREFETCH = 500;

  @Test
  void cutsOfTheWebSocketLoseNothingAndKeepTheOrder() throws Exception {
    int cuts = 8;
    int perCut = 2_000;
    int count = cuts * perCut;
    Broker broker = Brokers.embedded();
    String name = "cuts-" + System.nanoTime();
    Recorder peer = new Recorder();
    Traffic traffic = Traffic.texts("to_ws");
    try (WebSocketService service = WebSocketService.builder().behaviour(peer).start();
        FaultProxy proxy = FaultProxy.to("127.0.0.1", service.port());
        Queues queues = new Queues(broker)) {
      RunningBridge running =
          new RunningBridge(
              BridgeAssembly.bridge(
                  Settings.of(
                      broker,
                      "ws://127.0.0.1:" + proxy.port(),
                      service.uri(),
                      name,
                      false,
                      DeliveryConfirm.PONG),
                  Timing.system(),
                  TIMER));
      running.awaitRelaying();
      CompletableFuture<Integer> published =
          Background.run(
              () -> {
                queues.publish(name + ".to_ws", traffic, count);
                return count;
              });
      for (int cut = 1; cut <= cuts; cut++) {
        peer.awaitCount(cut * perCut - perCut / 2, Duration.ofSeconds(60));
        proxy.cut();
        peer.awaitConnection(cut + 1, Duration.ofSeconds(60));
      }
      assertThat(published.get(60, TimeUnit.SECONDS)).isEqualTo(count);
      awaitAccepted(running, Direction.OUTBOUND, count);
      assertThat(running.stop()).isEqualTo(new StopCause.Requested("the test"));

      List<ReceivedMessage> received = peer.messages();
      assertThat(inOrderOnceRepeatsAreDropped(received, traffic)).isEqualTo(count);
      assertThat(received.size() - count).as("duplicates").isLessThanOrEqualTo(cuts * PREFETCH);
      assertThat(broker.depth(name + ".to_ws")).isZero();
      assertThat(running.bridge().stats(Direction.OUTBOUND).snapshot().requeued()).isZero();
    }
  }

  @Test
  void aBrokerThatIsKilledLosesNothing() throws Exception {
    Needs.rabbit(RabbitVersion.V3_10);
    int each = 4_000;
    String name = "kill";
    Recorder peer = new Recorder();
    try (RabbitNode broker = RabbitNode.start(RabbitVersion.V3_10);
        WebSocketService service = WebSocketService.builder().behaviour(peer).start()) {
      Configuration configuration = Settings.of(broker, service, name, false, DeliveryConfirm.PONG);
      RunningBridge running =
          new RunningBridge(BridgeAssembly.bridge(configuration, Timing.system(), TIMER));
      running.awaitRelaying();
      broker.saveDeclarations();
      Traffic traffic = Traffic.texts("to_ws");
      try (Queues queues = new Queues(broker)) {
        queues.publish(name + ".to_ws", traffic, each);
      }
      RecordedConnection toBridge = peer.awaitConnection(1, Duration.ofSeconds(60));
      CompletableFuture<Integer> sent =
          Background.run(
              () -> {
                for (int n = 1; n <= each; n++) {
                  toBridge.sendText("from_ws " + n);
                }
                return each;
              });
      peer.awaitCount(each / 2, Duration.ofSeconds(60));
      broker.kill();
      broker.startAgain();

      running.awaitRelaying();
      assertThat(sent.get(60, TimeUnit.SECONDS)).isEqualTo(each);
      awaitAccepted(running, Direction.INBOUND, each);
      awaitDistinct(peer, each);
      assertThat(running.stop()).isEqualTo(new StopCause.Requested("the test"));

      assertThat(distinct(peer.messages())).hasSize(each);
      assertThat(broker.depth(name + ".to_ws")).isZero();
      try (Queues queues = new Queues(broker)) {
        List<String> bodies =
            queues.drain(name + ".from_ws").stream().map(b -> new String(b, UTF_8)).toList();
        assertThat(new HashSet<>(bodies)).hasSize(each);
        assertThat(withoutRepeats(bodies)).isSortedAccordingTo(LossEndToEndTest::byNumber);
      }
    }
  }

  @Test
  void whatIsHeldTooLongGoesBackToTheQueue() throws Exception {
    Broker broker = Brokers.embedded();
    String name = "hold-" + System.nanoTime();
    Recorder peer = new Recorder();
    try (WebSocketService service = WebSocketService.builder().behaviour(peer).start();
        FaultProxy proxy = FaultProxy.to("127.0.0.1", service.port());
        Queues queues = new Queues(broker)) {
      Configuration defaults =
          Settings.of(
              broker,
              "ws://127.0.0.1:" + proxy.port(),
              service.uri(),
              name,
              false,
              DeliveryConfirm.PONG);
      AmqpConfig amqp = new AmqpConfig(defaults);
      RunningBridge running =
          new RunningBridge(
              BridgeAssembly.bridge(
                  defaults.with(WebSocketKeys.HOLD, Duration.ofMillis(200)),
                  Timing.system(),
                  TIMER));
      running.awaitRelaying();
      queues.publish(amqp.queueToWs(), Traffic.texts("before"), 50);
      awaitAccepted(running, Direction.OUTBOUND, 50);
      peer.pausePongs(true);
      queues.publish(amqp.queueToWs(), Traffic.texts("held"), 50);
      awaitUntil(
          () -> running.bridge().stats(Direction.OUTBOUND).snapshot().inFlight() == 50,
          () -> "to_ws: " + running.bridge().stats(Direction.OUTBOUND).snapshot());
      peer.awaitCount(51, Duration.ofSeconds(60));
      proxy.refuse();
      proxy.cut();

      awaitUntil(
          () -> running.bridge().stats(Direction.OUTBOUND).snapshot().requeued() == 50,
          () -> "to_ws: " + running.bridge().stats(Direction.OUTBOUND).snapshot());
      awaitUntil(
          () -> broker.depth(amqp.queueToWs()) == 50,
          () -> "in the queue: " + broker.depth(amqp.queueToWs()));
      peer.pausePongs(false);
      proxy.accept();
      awaitAccepted(running, Direction.OUTBOUND, 100);
      running.stop();
      List<ReceivedMessage> held = peer.messages().subList(50, peer.messages().size());
      assertThat(held).as("those on the wire came twice").hasSizeBetween(51, 100);
      assertThat(inOrderOnceRepeatsAreDropped(held, Traffic.texts("held"))).isEqualTo(50);
      assertThat(broker.depth(amqp.queueToWs())).isZero();
    }
  }

  /**
   * Checks that message n + 1 first comes after message n, and gives the number of the last one.
   */
  private static int inOrderOnceRepeatsAreDropped(List<ReceivedMessage> received, Traffic traffic) {
    int next = 1;
    List<Message> seen = new ArrayList<>();
    for (ReceivedMessage message : received) {
      Message got =
          Message.of(message.body(), message.isText() ? Message.Form.TEXT : Message.Form.BINARY);
      if (got.equals(traffic.message(next))) {
        seen.add(got);
        next++;
      } else if (!seen.subList(Math.max(0, seen.size() - PREFETCH), seen.size()).contains(got)) {
        throw new AssertionError("expected message " + next + " or a repeat, but got " + got);
      }
    }
    return next - 1;
  }

  private static List<String> withoutRepeats(List<String> bodies) {
    return List.copyOf(new LinkedHashSet<>(bodies));
  }

  private static int byNumber(String one, String other) {
    return Integer.compare(number(one), number(other));
  }

  private static int number(String body) {
    return Integer.parseInt(body.substring(body.indexOf(' ') + 1));
  }

  private static Set<String> distinct(List<ReceivedMessage> messages) {
    return messages.stream().map(ReceivedMessage::text).collect(Collectors.toSet());
  }

  private static void awaitDistinct(Recorder peer, int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    int seen = count;
    while (distinct(peer.messages()).size() < count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(distinct(peer.messages()).size() + " of " + count);
      }
      seen = peer.awaitCount(seen, Duration.ofSeconds(60)).size() + 1;
    }
  }

  private static void awaitAccepted(RunningBridge running, Direction direction, long count) {
    awaitUntil(
        () -> running.bridge().stats(direction).snapshot().accepted() >= count,
        () -> direction + ": " + running.bridge().stats(direction).snapshot());
  }

  private static void awaitUntil(BooleanSupplier condition, Supplier<String> otherwise) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(otherwise.get());
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
