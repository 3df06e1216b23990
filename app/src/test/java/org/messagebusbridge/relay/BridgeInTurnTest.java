package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.bus.Backoff;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.relay.BridgeState.StopCause;

/** A bridge that takes turns with others: the WebSocket is its only while MQ says so. */
@Timeout(180)
class BridgeInTurnTest {
  private final List<String> story = Collections.synchronizedList(new ArrayList<>());
  private final FakeBus mq = new FakeBus("mq", true, story).taken();
  private final FakeBus webSocket = new FakeBus("ws", false, story);
  private final CompletableFuture<StopCause> ended = new CompletableFuture<>();

  @Test
  void connectsTheWebSocketWhenItIsItsTurn() throws Exception {
    Bridge bridge = run();
    FakeBus.Connection toBroker = mq.next();
    await(() -> bridge.state() instanceof BridgeState.Standby);
    assertThat(story).containsExactly("mq connects");

    toBroker.turn.grant();

    assertThat(webSocket.next().source.calls.poll(60, TimeUnit.SECONDS)).isEqualTo("start");
    await(() -> bridge.state() instanceof BridgeState.Relaying);
    assertThat(stop(bridge))
        .containsExactly("mq connects", "ws connects", "ws closes", "mq closes");
  }

  @Test
  void closesTheWebSocketFirstWhenMqIsLostAndWaitsForItsNextTurn() throws Exception {
    Bridge bridge = run();
    FakeBus.Connection first = mq.next();
    first.turn.grant();
    webSocket.next();
    await(() -> bridge.state() instanceof BridgeState.Relaying);

    first.lose(lost());

    FakeBus.Connection second = mq.next();
    await(() -> bridge.state() instanceof BridgeState.Standby);
    assertThat(story.subList(2, story.size()).stream().distinct())
        .containsExactly("ws closes", "mq closes", "mq connects");
    second.turn.grant();
    webSocket.next();
    await(() -> bridge.state() instanceof BridgeState.Relaying);
    stop(bridge);
  }

  @Test
  void givesUpAWebSocketThatIsBeingConnectedWhenTheTurnEndsAndCountsNoAttempt() throws Exception {
    webSocket.hang(true);
    Bridge bridge = run();
    FakeBus.Connection first = mq.next();
    first.turn.grant();
    await(() -> story.contains("ws hangs"));

    first.lose(lost());

    FakeBus.Connection second = mq.next();
    await(() -> bridge.state() instanceof BridgeState.Standby);
    webSocket.hang(false);
    assertThat(story).doesNotContain("ws connects");
    second.turn.grant();
    webSocket.next();
    await(() -> bridge.state() instanceof BridgeState.Relaying);
    stop(bridge);
  }

  @Test
  void publishesWhatItHadReadBeforeItsTurnEndedWhileItStandsBy() throws Exception {
    Bridge bridge = run();
    FakeBus.Connection first = mq.next();
    first.turn.grant();
    FakeBus.Connection peer = webSocket.next();
    assertThat(peer.source.calls.poll(60, TimeUnit.SECONDS)).isEqualTo("start");
    peer.source.deliver(11, 12);
    assertThat(first.sink.sent.poll(60, TimeUnit.SECONDS)).isEqualTo(11);
    assertThat(first.sink.sent.poll(60, TimeUnit.SECONDS)).isEqualTo(12);

    first.lose(lost());

    FakeBus.Connection second = mq.next();
    assertThat(second.sink.sent.poll(60, TimeUnit.SECONDS)).isEqualTo(11);
    assertThat(second.sink.sent.poll(60, TimeUnit.SECONDS)).isEqualTo(12);
    await(() -> bridge.state() instanceof BridgeState.Standby);
    second.sink.confirm(2);
    await(() -> bridge.stats(Direction.INBOUND).snapshot().accepted() == 2);
    stop(bridge);
  }

  @Test
  void stopsWhileItStandsBy() throws Exception {
    Bridge bridge = run();
    mq.next();
    await(() -> bridge.state() instanceof BridgeState.Standby);
    assertThat(stop(bridge)).containsExactly("mq connects", "mq closes");
  }

  private Bridge run() {
    Bridge bridge =
        new Bridge(
            new Bridge.Link(mq, RetryPolicy.boundedAtStart(3, Backoff.STANDARD, "mq_limit")),
            new Bridge.Link(
                webSocket,
                RetryPolicy.counted(1, Duration.ofSeconds(60), Backoff.STANDARD, "ws_limit"),
                Renewal.NONE,
                true),
            new Relay.Settings("to_ws", Duration.ofHours(1), Optional.empty()),
            new Relay.Settings("from_ws", Duration.ofHours(1), Optional.empty()),
            Duration.ofSeconds(10),
            Timing.system());
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                ended.complete(bridge.run());
              } catch (InterruptedException e) {
                ended.completeExceptionally(e);
              }
            });
    return bridge;
  }

  private List<String> stop(Bridge bridge) throws Exception {
    bridge.stop("the test");
    assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(new StopCause.Requested("the test"));
    return List.copyOf(story);
  }

  private static BusException lost() {
    return new BusException(Kind.UNAVAILABLE, "gone", null);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(2_000_000);
    }
  }
}
