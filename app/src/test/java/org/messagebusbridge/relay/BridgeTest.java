package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.bus.Backoff;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.relay.BridgeState.Side;
import org.messagebusbridge.relay.BridgeState.StopCause;

@Timeout(180)
class BridgeTest {
  private final List<String> story = Collections.synchronizedList(new ArrayList<>());
  private final FakeBus mq = new FakeBus("mq", true, story);
  private final FakeBus webSocket = new FakeBus("ws", false, story);
  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private final CompletableFuture<StopCause> ended = new CompletableFuture<>();

  /** Time that passes as soon as it is waited for. */
  private final Timing timing =
      new Timing() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public Instant now() {
          return Instant.EPOCH;
        }

        @Override
        public void pause(Duration duration) {
          pauses.add(duration);
        }

        @Override
        public RandomGenerator random() {
          return RandomGenerator.of("L64X128MixRandom");
        }
      };

  @Test
  void relaysBothWaysAndDrainsWebSocketFirst() throws Exception {
    long begun = System.nanoTime();
    Bridge bridge = run(3);
    FakeBus.Connection toBroker = mq.next();
    FakeBus.Connection toPeer = webSocket.next();
    assertThat(take(toBroker.source)).isEqualTo("start");
    assertThat(take(toPeer.source)).isEqualTo("start");

    toBroker.source.deliver(1, 2);
    toPeer.source.deliver(11, 12);
    assertThat(take(toPeer.sink)).isEqualTo(1);
    assertThat(take(toPeer.sink)).isEqualTo(2);
    assertThat(take(toBroker.sink)).isEqualTo(11);
    assertThat(take(toBroker.sink)).isEqualTo(12);
    toPeer.sink.confirm(2);
    toBroker.sink.confirm(2);
    bridge.stop("the test");

    assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(new StopCause.Requested("the test"));
    assertThat(toBroker.source.accepted()).containsExactly(1, 2);
    assertThat(toPeer.source.accepted()).containsExactly(11, 12);
    assertThat(story.subList(0, 2)).containsExactlyInAnyOrder("mq connects", "ws connects");
    assertThat(story.subList(2, 4)).containsExactly("ws closes", "mq closes");
    assertThat(bridge.state())
        .isEqualTo(new BridgeState.Stopped(new StopCause.Requested("the test")));
    assertThat(bridge.stats(Direction.OUTBOUND).snapshot().accepted()).isEqualTo(2);
    assertThat(bridge.stats(Direction.INBOUND).snapshot().accepted()).isEqualTo(2);
    Latencies.Snapshot latencies = bridge.stats(Direction.OUTBOUND).snapshot().latencies();
    assertThat(latencies.count()).isEqualTo(2);
    assertThat(latencies.sumSeconds()).isBetween(1e-9, 2 * (System.nanoTime() - begun) / 1e9);
  }

  @Test
  void countsTheAttemptsOfEachSideAndTellsWhichIsConnected() throws Exception {
    Bridge bridge = run(3);
    assertThat(bridge.stats(Side.FAR).attempts()).isLessThanOrEqualTo(1);
    mq.next();
    FakeBus.Connection first = webSocket.next();
    first.lose(unavailable());
    FakeBus.Connection second = webSocket.next();
    assertThat(take(second.source)).isEqualTo("start");

    assertThat(bridge.stats(Side.FAR).attempts()).isEqualTo(2);
    assertThat(bridge.stats(Side.FAR).connected()).isTrue();
    assertThat(bridge.stats(Side.NEAR).attempts()).isEqualTo(1);
    assertThat(bridge.stats(Side.NEAR).connected()).isTrue();

    bridge.stop("the test");
    ended.get(60, TimeUnit.SECONDS);
    assertThat(bridge.stats(Side.FAR).connected()).isFalse();
    assertThat(bridge.stats(Side.NEAR).connected()).isFalse();
  }

  @Test
  void triesAgainAtStartAndThenRelays() throws Exception {
    webSocket.failing(unavailable()).failing(unavailable());
    Bridge bridge = run(3);
    assertThat(take(webSocket.next().source)).isEqualTo("start");
    assertThat(pauses).hasSize(2);
    bridge.stop("the test");
    ended.get(60, TimeUnit.SECONDS);
    assertThat(story).containsSubsequence("ws fails", "ws fails", "ws connects");
  }

  @Test
  void tooFewThreadsForAMomentAreAFailureToBeTriedAgain() throws Exception {
    Bridge bridge = run(3);
    FakeBus.Connection toBroker = mq.next();
    assertThat(take(webSocket.next().source)).isEqualTo("start");
    for (int n = 0; n < 4; n++) {
      mq.failing(new OutOfMemoryError("unable to create native thread"));
    }
    toBroker.lose(unavailable());

    FakeBus.Connection again = mq.next();
    assertThat(take(again.source)).isEqualTo("start");
    assertThat(pauses).hasSizeGreaterThanOrEqualTo(4);
    assertThat(bridge.stats(Side.NEAR).lastFailure().orElseThrow().sentence())
        .isEqualTo(
            "This process could not connect to mq: java.lang.OutOfMemoryError: unable to create"
                + " native thread.");
    bridge.stop("the test");
    ended.get(10, TimeUnit.SECONDS);
    assertThat(story).filteredOn("mq breaks"::equals).hasSize(4);
  }

  @Test
  void aClassThatCannotBeLoadedEndsTheBridgeForItWillNeverBe() throws Exception {
    Error never = new NoClassDefFoundError("org/example/Late");
    run(3);
    mq.next();
    FakeBus.Connection toPeer = webSocket.next();

    toPeer.lose(new BusException(Kind.UNAVAILABLE, "an error in the bridge itself", never));

    assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(new StopCause.Failed(never));
    assertThat(pauses).isEmpty();
    assertThat(story).contains("mq closes");
  }

  @Test
  void norIsItTriedAgainWhileConnecting() throws Exception {
    Error never = new NoClassDefFoundError("org/example/Late");
    mq.failing(never);

    run(3);

    assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(new StopCause.Failed(never));
    assertThat(story).filteredOn("mq breaks"::equals).hasSize(1);
  }

  @Test
  void whatEndsAThreadEndsTheBridge() throws Exception {
    Bridge bridge = run(3);
    mq.next();
    webSocket.next();
    Error gone = new StackOverflowError();

    bridge.fail(gone);

    assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(new StopCause.Failed(gone));
    assertThat(story).contains("mq closes", "ws closes");
  }

  @Test
  void givesUpAfterTheAttemptsAllowedAndClosesTheOtherSide() throws Exception {
    BusException last = unavailable();
    webSocket.after(mq).failing(unavailable()).failing(last);
    run(2);
    assertThat(ended.get(60, TimeUnit.SECONDS))
        .isEqualTo(new StopCause.GaveUp(Side.FAR, last, true));
    assertThat(story).contains("mq connects", "mq closes");
  }

  @Test
  void stopsAtOnceOnAMistakeAtStart() throws Exception {
    BusException wrong = new BusException(Kind.UNAUTHORIZED, "wrong password", null);
    mq.failing(wrong);
    run(10);
    assertThat(ended.get(60, TimeUnit.SECONDS))
        .isEqualTo(new StopCause.GaveUp(Side.NEAR, wrong, true));
    assertThat(story).filteredOn("mq fails"::equals).hasSize(1);
  }

  @Test
  void connectsAgainWhatIsLostAndSendsFirstWhatWasHeld() throws Exception {
    Bridge bridge = run(10);
    FakeBus.Connection toBroker = mq.next();
    FakeBus.Connection toPeer = webSocket.next();
    take(toBroker.source);
    toBroker.source.deliver(1, 3);
    take(toPeer.sink);
    take(toPeer.sink);
    take(toPeer.sink);
    toPeer.sink.confirm(1);
    toPeer.lose(unavailable());

    FakeBus.Connection again = webSocket.next();
    assertThat(take(again.sink)).isEqualTo(2);
    assertThat(take(again.sink)).isEqualTo(3);
    again.sink.confirm(2);
    bridge.stop("the test");
    ended.get(60, TimeUnit.SECONDS);
    assertThat(toBroker.source.accepted()).containsExactly(1, 2, 3);
    assertThat(toBroker.source.requeued()).isEmpty();
  }

  @Test
  void consumesFromTheNewConnectionWhenTheBrokerIsLost() throws Exception {
    Bridge bridge = run(10);
    FakeBus.Connection toBroker = mq.next();
    FakeBus.Connection toPeer = webSocket.next();
    take(toBroker.source);
    take(toPeer.source);
    toPeer.source.deliver(11, 12);
    take(toBroker.sink);
    take(toBroker.sink);
    toBroker.lose(unavailable());

    FakeBus.Connection again = mq.next();
    assertThat(take(toPeer.source)).isEqualTo("stop");
    assertThat(take(again.sink)).isEqualTo(11);
    assertThat(take(again.sink)).isEqualTo(12);
    assertThat(take(again.source)).isEqualTo("start");
    assertThat(take(toPeer.source)).isEqualTo("start");
    again.sink.confirm(2);
    bridge.stop("the test");
    ended.get(60, TimeUnit.SECONDS);
    assertThat(bridge.stats(Direction.INBOUND).snapshot().accepted()).isEqualTo(2);
  }

  @Test
  void givesBackAtOnceWhatIsInFlightWhenTheWebSocketIsLostWhileDraining() throws Exception {
    Bridge bridge = run(10, Duration.ofHours(1));
    FakeBus.Connection toBroker = mq.next();
    FakeBus.Connection toPeer = webSocket.next();
    take(toBroker.source);
    toBroker.source.deliver(1, 2);
    take(toPeer.sink);
    take(toPeer.sink);
    bridge.stop("the test");
    assertThat(take(toBroker.source)).isEqualTo("stop");
    toPeer.lose(unavailable());

    assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(new StopCause.Requested("the test"));
    assertThat(toBroker.source.requeued()).containsExactly(1, 2);
  }

  @Test
  void publishesFirstWhatTheBrokerHadRefusedAndConsumesOnlyWhenThatIsConfirmed() throws Exception {
    BusException forbidden = new BusException(Kind.MISCONFIGURED, "no permission", null);
    Bridge bridge = run(10);
    FakeBus.Connection toBroker = mq.next();
    FakeBus.Connection toPeer = webSocket.next();
    assertThat(take(toBroker.source)).isEqualTo("start");
    assertThat(take(toPeer.source)).isEqualTo("start");
    toPeer.source.deliver(11, 11);
    assertThat(take(toBroker.sink)).isEqualTo(11);
    toBroker.lose(forbidden);

    for (int refusal = 0; refusal < 3; refusal++) {
      FakeBus.Connection again = mq.next();
      assertThat(take(again.sink)).isEqualTo(11);
      again.lose(forbidden);
      assertThat(again.source.calls).as("nothing was consumed").isEmpty();
    }
    assertThat(pauses).as("it backs off").hasSizeGreaterThanOrEqualTo(3);

    FakeBus.Connection mended = mq.next();
    assertThat(take(mended.sink)).isEqualTo(11);
    mended.sink.confirm(1);
    assertThat(take(mended.source)).isEqualTo("start");
    bridge.stop("the test");
    ended.get(10, TimeUnit.SECONDS);
    assertThat(toPeer.source.accepted()).containsExactly(11);
  }

  @Test
  void aSourceThatIsRefusedBeforeItEverStartedIsAMistakeAtStart() throws Exception {
    BusException forbidden = new BusException(Kind.MISCONFIGURED, "another consumer", null);
    mq.refusingToStart(forbidden);
    run(10);
    assertThat(ended.get(60, TimeUnit.SECONDS))
        .isEqualTo(new StopCause.GaveUp(Side.NEAR, forbidden, true));
  }

  private Bridge run(int attempts) {
    return run(attempts, Duration.ofSeconds(10));
  }

  private Bridge run(int attempts, Duration drain) {
    Duration window = Duration.ofSeconds(60);
    Bridge bridge =
        new Bridge(
            new Bridge.Link(mq, RetryPolicy.boundedAtStart(attempts, Backoff.STANDARD, "mq_limit")),
            new Bridge.Link(
                webSocket, RetryPolicy.counted(attempts, window, Backoff.STANDARD, "ws_limit")),
            new Relay.Settings("to_ws", Duration.ofHours(1), Optional.empty()),
            new Relay.Settings("from_ws", Duration.ofHours(1), Optional.empty()),
            drain,
            timing);
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

  private static BusException unavailable() {
    return new BusException(Kind.UNAVAILABLE, "not there", null);
  }

  private static String take(FakeSource source) throws InterruptedException {
    String call = source.calls.poll(60, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("the source was not called in a minute");
    }
    return call;
  }

  private static int take(FakeSink sink) throws InterruptedException {
    Integer id = sink.sent.poll(60, TimeUnit.SECONDS);
    if (id == null) {
      throw new AssertionError("nothing was sent in a minute");
    }
    return id;
  }
}
