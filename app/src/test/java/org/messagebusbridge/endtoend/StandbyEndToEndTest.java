package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.cli.BridgeAssembly;
import org.messagebusbridge.config.BridgeKeys;
import org.messagebusbridge.config.BridgeKeys.HaMode;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.relay.BridgeState;
import org.messagebusbridge.relay.BridgeState.StopCause;
import org.messagebusbridge.relay.Direction;
import org.messagebusbridge.relay.Timing;
import org.messagebusbridge.sandbox.Answer;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.HttpRefusal;
import org.messagebusbridge.sandbox.PeerScript;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.ReceivedMessage;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.ResendingPeer;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.junit.Needs;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;

/** Two bridges with {@code ha_mode = standby}, for a service that takes one connection alone. */
@Timeout(180)
class StandbyEndToEndTest {
  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private static final int COUNT = 4_000;

  /** Of the peer: how much it sends ahead of its receipts. */
  private static final int WINDOW = 500;

  private static final int PREFETCH = 500;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(RabbitVersion.class)
  void theNextTakesOverFromOneThatIsKilledAndNothingIsLostOrReordered(RabbitVersion version)
      throws Exception {
    Needs.rabbit(version);
    Broker broker = Brokers.rabbit(version);
    String name = "standby-" + System.nanoTime();
    Recorder peer = new Recorder();
    Traffic traffic = Traffic.texts("to_ws");
    try (WebSocketService service = WebSocketService.builder().behaviour(peer).start();
        Queues queues = new Queues(broker)) {
      service.refuseWhile(HttpRefusal.of(409, "one at a time"), () -> service.connections() > 0);
      try (BridgeProcess active =
          BridgeProcess.start("-c", ini(broker, service, name).write(directory).toString())) {
        service.awaitConnections(1, Duration.ofSeconds(60));
        RunningBridge waiting =
            new RunningBridge(
                BridgeAssembly.bridge(
                    configuration(broker, service, name), Timing.system(), TIMER));
        await(() -> waiting.bridge().state() instanceof BridgeState.Standby);
        queues.publish(name + ".to_ws", traffic, COUNT);
        peer.awaitCount(COUNT / 4, Duration.ofSeconds(60));
        assertThat(waiting.bridge().state()).isEqualTo(new BridgeState.Standby());

        active.kill();

        waiting.awaitRelaying();
        // The first may have sent all of them and acknowledged less; those come once more.
        await(
            () -> distinct(peer.messages()).size() == COUNT && broker.depth(name + ".to_ws") == 0);
        assertThat(waiting.stop()).isEqualTo(new StopCause.Requested("the test"));
      }
      assertThat(distinct(peer.messages()))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, COUNT).mapToObj(traffic::message).toList());
      assertThat(peer.messages().size() - COUNT).as("duplicates").isLessThanOrEqualTo(500);
      assertThat(service.handshakes()).hasSize(2).allMatch(handshake -> handshake.accepted());
      assertThat(broker.depth(name + ".to_ws")).isZero();
    }
  }

  /**
   * A rolling deployment. What the peer had sent and not got a receipt for it sends again, so that
   * may come twice; what was sent to it has its receipts before the handover.
   */
  @ParameterizedTest
  @EnumSource(RabbitVersion.class)
  void aHandoverOnSigtermLosesAndReordersNothingInEitherDirectionAndSendsNothingTwice(
      RabbitVersion version) throws Exception {
    Needs.rabbit(version);
    Broker broker = Brokers.rabbit(version);
    String name = "handover-" + System.nanoTime();
    Traffic before = Traffic.texts("before");
    Traffic meanwhile = Traffic.texts("meanwhile");
    Numbers heard = new Numbers();
    ResendingPeer peer = new ResendingPeer(heard, WINDOW);
    try (WebSocketService service = WebSocketService.builder().behaviour(peer).start();
        Queues queues = new Queues(broker)) {
      service.refuseWhile(HttpRefusal.of(409, "one at a time"), () -> service.connections() > 0);
      try (BridgeProcess active =
          BridgeProcess.start("-c", ini(broker, service, name).write(directory).toString())) {
        service.awaitConnections(1, Duration.ofSeconds(60));
        RunningBridge waiting =
            new RunningBridge(
                BridgeAssembly.bridge(
                    configuration(broker, service, name), Timing.system(), TIMER));
        await(() -> waiting.bridge().state() instanceof BridgeState.Standby);
        queues.publish(name + ".to_ws", before, COUNT);
        peer.sendThrough(COUNT);
        await(() -> heard.received().size() == COUNT);
        peer.awaitReceipted(COUNT, Duration.ofSeconds(60));

        peer.pauseReading(true);
        peer.sendThrough(2L * COUNT);
        queues.publish(name + ".to_ws", meanwhile, COUNT);
        await(() -> broker.depth(name + ".to_ws") == COUNT - PREFETCH);
        CompletableFuture<BridgeProcess.Ended> ending = Background.run(active::terminate);
        await(() -> queues.consumers(name + ".to_ws") == 0);
        assertThat(waiting.bridge().state()).isEqualTo(new BridgeState.Standby());
        peer.pauseReading(false);

        assertThat(ending.get(60, TimeUnit.SECONDS).err()).isEmpty();
        assertThat(ending.get().exitCode()).isZero();
        waiting.awaitRelaying();
        await(() -> heard.received().size() >= 2 * COUNT);
        peer.awaitReceipted(2L * COUNT, Duration.ofSeconds(60));
        await(() -> accepted(waiting) == COUNT - PREFETCH);
        assertThat(waiting.stop()).isEqualTo(new StopCause.Requested("the test"));
      }
      assertThat(heard.received())
          .containsExactlyElementsOf(
              Stream.of(before, meanwhile)
                  .flatMap(all -> IntStream.rangeClosed(1, COUNT).mapToObj(all::message))
                  .toList());
      List<String> sent =
          queues.drain(name + ".from_ws").stream().map(body -> new String(body, UTF_8)).toList();
      assertThat(new LinkedHashSet<>(sent))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 2 * COUNT).mapToObj(n -> "from " + n).toList());
      assertThat(sent.size() - 2 * COUNT).as("sent again").isLessThanOrEqualTo(WINDOW);
      assertThat(service.handshakes()).hasSize(2).allMatch(handshake -> handshake.accepted());
      assertThat(broker.depth(name + ".to_ws")).isZero();
    }
  }

  /** {@code -X} takes turns, too: the one that waits neither consumes nor publishes. */
  @ParameterizedTest
  @EnumSource(RabbitVersion.class)
  void theStubTakesTurnsLikeTheWebSocket(RabbitVersion version) throws Exception {
    Needs.rabbit(version);
    Broker broker = Brokers.rabbit(version);
    String name = "stub-" + System.nanoTime();
    Traffic traffic = Traffic.texts("stub");
    try (WebSocketService unused = WebSocketService.builder().start();
        Queues queues = new Queues(broker)) {
      Configuration configuration = configuration(broker, unused, name);
      RunningBridge active =
          new RunningBridge(BridgeAssembly.stub(configuration, Timing.system(), TIMER));
      active.awaitRelaying();
      RunningBridge waiting =
          new RunningBridge(BridgeAssembly.stub(configuration, Timing.system(), TIMER));
      await(() -> waiting.bridge().state() instanceof BridgeState.Standby);
      queues.publish(name + ".to_ws", traffic, COUNT);
      assertThat(queues.consume(name + ".from_ws", traffic, COUNT)).isEqualTo(COUNT);
      await(() -> accepted(active) == COUNT);
      assertThat(waiting.bridge().state()).isEqualTo(new BridgeState.Standby());

      assertThat(active.stop()).isEqualTo(new StopCause.Requested("the test"));

      waiting.awaitRelaying();
      queues.publish(name + ".to_ws", traffic, COUNT);
      assertThat(queues.consume(name + ".from_ws", traffic, COUNT)).isEqualTo(COUNT);
      await(() -> accepted(waiting) == COUNT);
      assertThat(waiting.stop()).isEqualTo(new StopCause.Requested("the test"));
      assertThat(unused.connectionAttempts()).isZero();
    }
  }

  private static long accepted(RunningBridge bridge) {
    return bridge.bridge().stats(Direction.OUTBOUND).snapshot().accepted();
  }

  /** Sends "from 1", "from 2" and so on, and keeps what it receives. */
  private static final class Numbers implements PeerScript {
    private final List<Message> received = Collections.synchronizedList(new ArrayList<>());

    @Override
    public Optional<byte[]> text(long number) {
      return Optional.of(("from " + number).getBytes(UTF_8));
    }

    @Override
    public Answer received(ReceivedMessage message) {
      received.add(Message.of(message.body(), Message.Form.TEXT));
      return Answer.take();
    }

    List<Message> received() {
      synchronized (received) {
        return List.copyOf(received);
      }
    }
  }

  private static Configuration configuration(Broker broker, WebSocketService service, String name) {
    return Settings.of(broker, service, name, false, DeliveryConfirm.PONG)
        .with(BridgeKeys.HA_MODE, HaMode.STANDBY);
  }

  private static Ini ini(Broker broker, WebSocketService service, String name) {
    return new Ini()
        .set("bridge", "ha_mode", "standby")
        .set("ws_api", "client_id", Settings.CLIENT_ID)
        .set("ws_api", "client_secret", Settings.CLIENT_SECRET)
        .set("ws_api", "api_host", service.host())
        .set("ws_api", "api_uri", service.uri())
        .set("aws_mq", "mq_host", "127.0.0.1")
        .set("aws_mq", "mq_tls", "false")
        .set("aws_mq", "mq_port", Integer.toString(broker.port()))
        .set("aws_mq", "mq_user_id", broker.user())
        .set("aws_mq", "mq_password", broker.password())
        .set("aws_mq", "mq_qname_to_ws", name + ".to_ws")
        .set("aws_mq", "mq_qname_from_ws", name + ".from_ws");
  }

  private static Set<Message> distinct(List<ReceivedMessage> received) {
    Set<Message> messages = new LinkedHashSet<>();
    received.forEach(one -> messages.add(Message.of(one.body(), Message.Form.TEXT)));
    return messages;
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
