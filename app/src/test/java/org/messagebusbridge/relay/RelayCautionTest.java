package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Sink;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.relay.Relay.Patience;

/** A relay whose sink's peer may hang up over a message. */
@Timeout(60)
class RelayCautionTest {
  private static final Duration NO_GRACE = Duration.ZERO;
  private static final Duration FOR_EVER = Duration.ofHours(1);
  private static final int MAX_DELIVERIES = 3;

  private final List<Throwable> failures = new ArrayList<>();
  private final FakeSource mq = new FakeSource(true);
  private Relay relay = relay(FOR_EVER, NO_GRACE);

  private Relay relay(Duration hold, Duration grace) {
    return new Relay(
        new Relay.Settings(
            "to_ws",
            hold,
            Optional.of(new Relay.Caution(MAX_DELIVERIES, grace, OptionalInt.of(2)))),
        Timing.system(),
        new Relay.Listener() {
          @Override
          public void sourceFailed(BusException cause) {
            failures.add(cause);
          }

          @Override
          public void sourceStarted(Source source) {}

          @Override
          public void sourceProved(Source source) {}

          @Override
          public void sinkProved(Sink sink) {}

          @Override
          public void relayFailed(Throwable cause) {
            failures.add(cause);
          }
        });
  }

  @AfterEach
  void endsWithoutAFailure() throws InterruptedException {
    relay.end();
    assertThat(failures).isEmpty();
  }

  @Test
  void consumesNothingBeforeThePeerHasShownLifeThenOneThenAll() throws InterruptedException {
    FakeSink peer = new FakeSink().answering(0);
    relay.start();
    relay.sourceUp(mq);
    relay.sinkUp(peer);
    assertThat(take(peer.probes, 1)).containsExactly("probe");
    assertThat(mq.calls).isEmpty();

    peer.alive();
    assertThat(take(mq.calls, 1)).containsExactly("start with one");
    mq.deliver(1, 1);
    assertThat(take(peer.sent, 1)).containsExactly(1);
    peer.confirm(1);
    assertThat(take(mq.calls, 1)).containsExactly("start");
  }

  @Test
  void whatIsHeldGoesBeforeAnythingMoreIsConsumed() throws InterruptedException {
    relay = relay(Duration.ZERO, NO_GRACE);
    FakeSink first = startRelaying();
    mq.deliver(2, 3);
    assertThat(take(first.sent, 1)).containsExactly(2);
    lose(Kind.UNAVAILABLE);
    assertThat(take(mq.calls, 1)).containsExactly("stop");
    await(() -> mq.requeued().size() == 2);

    FakeSink next = connect();
    assertThat(take(mq.calls, 1)).containsExactly("start with one");
    mq.deliver(4, 4);
    assertThat(take(next.sent, 1)).containsExactly(4);
  }

  @Test
  void putsAsManyOnTheWireAsThePeerConfirms() throws InterruptedException {
    FakeSink peer = startRelaying();
    mq.deliver(2, 100);
    int onTheWire = 1;
    int sent = 1;
    while (sent < 40) {
      int batch = take(peer.sent, 1).size();
      for (Integer more = peer.sent.poll(); more != null; more = peer.sent.poll()) {
        batch++;
      }
      sent += batch;
      onTheWire = Math.max(onTheWire, batch);
      peer.confirm(sent);
    }
    assertThat(onTheWire).isGreaterThan(3);
  }

  @Test
  void sendsAgainWhatWasConfirmedOnlyJustNowWhenTheConnectionBreaks() throws InterruptedException {
    relay = relay(FOR_EVER, FOR_EVER);
    FakeSink peer = startRelaying();
    peer.confirm(1);
    lose(Kind.UNAVAILABLE);
    FakeSink next = connect();
    assertThat(take(next.sent, 1)).containsExactly(1);
    assertThat(mq.accepted()).isEmpty();

    next.confirm(1);
    lose(Kind.CLOSED_BY_PEER);
    await(() -> mq.accepted().size() == 1);
    assertThat(mq.accepted()).containsExactly(1);
  }

  @Test
  void acceptsWhatHasStoodTheGrace() throws InterruptedException {
    relay = relay(FOR_EVER, Duration.ofSeconds(2));
    FakeSink peer = startRelaying();
    mq.deliver(2, 2);
    take(peer.sent, 1);
    peer.confirm(2);
    await(() -> mq.accepted().size() == 2);
    assertThat(mq.accepted()).containsExactly(1, 2);
    assertThat(relay.stats().snapshot().latencies().sumSeconds())
        .as("until the confirmation, not until it counts")
        .isLessThan(4);
  }

  @Test
  void keepsNoConfirmationsThatTakeTheRoomOfMessages() throws InterruptedException {
    relay = relay(FOR_EVER, FOR_EVER);
    FakeSink peer = startRelaying();
    mq.deliver(2, 500);
    for (int sent = 2; sent <= 500; sent++) {
      assertThat(take(peer.sent, 1)).containsExactly(sent);
      peer.confirm(sent);
    }
    await(() -> mq.accepted().size() > 0);
    await(() -> mq.unsettled().size() <= 250);
    assertThat(mq.unsettled()).hasSize(250).startsWith(251);
  }

  @Test
  void givesUpTheCulpritAloneWhateverThePeerSaysAndDeliversTheOthers() throws InterruptedException {
    FakeSink peer = connectFirst();
    mq.deliver(1, 5);
    int poison = 4;
    for (int connection = 0; mq.rejected().isEmpty(); connection++) {
      assertThat(connection).isLessThan(20);
      peer = relayUntilPoison(peer, poison);
    }
    await(() -> mq.unsettled().isEmpty());
    assertThat(mq.rejected()).containsExactly(poison);
    assertThat(mq.accepted()).containsExactly(1, 2, 3, 5);
    Rejection rejection = mq.rejections().getFirst();
    assertThat(rejection.reason()).isEqualTo(Rejection.Reason.PEER_FAILED);
    assertThat(rejection.attempts()).isGreaterThanOrEqualTo(MAX_DELIVERIES);
    await(() -> relay.patience() == Patience.NORMAL);
  }

  /** The peer confirms each message but the poison, over which it hangs up. */
  private FakeSink relayUntilPoison(FakeSink peer, int poison) throws InterruptedException {
    int confirmed = 0;
    while (true) {
      if (mq.unsettled().isEmpty()) {
        return peer;
      }
      Integer next = peer.sent.poll(10, TimeUnit.MILLISECONDS);
      if (next == null) {
        continue;
      }
      if (next == poison) {
        lose(Kind.UNAVAILABLE);
        return connect();
      }
      confirmed++;
      peer.confirm(confirmed);
    }
  }

  @Test
  void aPeerThatRefusesEverythingOpensTheBreakerAndGetsAllInOrderWhenItIsWellAgain()
      throws InterruptedException {
    FakeSink peer = connectFirst();
    mq.deliver(1, 6);
    while (relay.patience() != Patience.BREAKER_OPEN) {
      if (peer.sent.poll(5, TimeUnit.MILLISECONDS) != null) {
        lose(Kind.UNAVAILABLE);
        peer = connect();
      }
    }
    assertThat(mq.rejected()).containsExactly(1, 2);
    assertThat(relay.refusal())
        .get()
        .asString()
        .contains("(2 different ones in a row)")
        .endsWith("lost");
    for (int attempt = 0; attempt < 3 * MAX_DELIVERIES; attempt++) {
      assertThat(take(peer.sent, 1)).containsExactly(3);
      assertThat(peer.sent).as("alone").isEmpty();
      lose(Kind.UNAVAILABLE);
      peer = connect();
    }
    assertThat(mq.rejected()).containsExactly(1, 2);

    assertThat(take(peer.sent, 1)).containsExactly(3);
    peer.confirm(1);
    for (int id = 4; id <= 6; id++) {
      assertThat(take(peer.sent, 1)).containsExactly(id);
      peer.confirm(id - 2);
    }
    await(() -> mq.unsettled().isEmpty());
    assertThat(mq.accepted()).containsExactly(3, 4, 5, 6);
    assertThat(relay.refusal()).isEmpty();
    await(() -> relay.patience() == Patience.NORMAL);
  }

  @Test
  void aRunOfRefusedMessagesIsGivenUpWithoutTheBreaker() throws InterruptedException {
    FakeSink peer = connectFirst();
    mq.deliver(1, 5);
    while (mq.rejected().size() < 5) {
      if (peer.sent.poll(5, TimeUnit.MILLISECONDS) != null) {
        lose(Kind.MESSAGE_REFUSED);
        peer = connect();
      }
    }
    assertThat(mq.rejected()).containsExactly(1, 2, 3, 4, 5);
    assertThat(mq.rejections())
        .allSatisfy(
            rejection -> {
              assertThat(rejection.reason()).isEqualTo(Rejection.Reason.REFUSED);
            });
  }

  @Test
  void givesUpNothingWhenConnectionsWithoutTheMessageAreLostAsWell() throws InterruptedException {
    FakeSink peer = connectFirst();
    mq.deliver(1, 1);
    for (int loss = 0; loss < 10 * MAX_DELIVERIES; loss++) {
      peer.sent.poll(5, TimeUnit.MILLISECONDS);
      lose(Kind.UNAVAILABLE);
      peer = new FakeSink().answering(1);
      relay.sinkUp(peer);
    }
    assertThat(mq.rejected()).isEmpty();
  }

  @Test
  void nothingGoesBackWhenTheHoldTimeIsOverWhileThereAreSuspects() throws InterruptedException {
    relay = relay(Duration.ZERO, NO_GRACE);
    FakeSink peer = startRelaying();
    peer.confirm(1);
    await(() -> mq.accepted().size() == 1);
    lose(Kind.UNAVAILABLE);
    assertThat(take(mq.calls, 1)).containsExactly("stop");
    peer = connect();
    assertThat(take(mq.calls, 1)).containsExactly("start with one");
    mq.deliver(2, 2);
    assertThat(take(peer.sent, 1)).containsExactly(2);
    lose(Kind.UNAVAILABLE);
    assertThat(take(mq.calls, 1)).containsExactly("stop");
    await(() -> mq.requeued().equals(List.of(2)));
    peer = connect();
    assertThat(take(mq.calls, 1)).containsExactly("start with one");
    mq.deliver(2, 2);
    assertThat(take(peer.sent, 1)).containsExactly(2);
    lose(Kind.UNAVAILABLE);
    assertThat(take(mq.calls, 1)).containsExactly("stop");
    mq.deliver(3, 3); // handed out before the stop, read after it

    peer = connect();
    assertThat(take(peer.sent, 1)).containsExactly(2);
    peer.confirm(1);
    assertThat(take(peer.sent, 1)).containsExactly(3);
    assertThat(mq.requeued()).containsExactly(2);
  }

  /** Message 1 was sent, and confirmed unless confirmations are kept for ever. */
  private FakeSink startRelaying() throws InterruptedException {
    FakeSink peer = connectFirst();
    mq.deliver(1, 1);
    assertThat(take(peer.sent, 1)).containsExactly(1);
    peer.confirm(1);
    assertThat(take(mq.calls, 1)).containsExactly("start");
    return peer;
  }

  private FakeSink connectFirst() throws InterruptedException {
    relay.start();
    relay.sourceUp(mq);
    FakeSink peer = connect();
    assertThat(take(mq.calls, 1)).containsExactly("start with one");
    return peer;
  }

  private FakeSink connect() throws InterruptedException {
    FakeSink next = new FakeSink();
    relay.sinkUp(next);
    take(next.probes, 1);
    return next;
  }

  private void lose(Kind kind) {
    relay.sinkDown(new BusException(kind, "lost", null));
  }

  private static <T> List<T> take(BlockingQueue<T> queue, int count) throws InterruptedException {
    List<T> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      T next = queue.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("only " + taken + " of " + count);
      }
      taken.add(next);
    }
    return taken;
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("did not come true in 20 s");
      }
      Thread.onSpinWait();
    }
  }
}
