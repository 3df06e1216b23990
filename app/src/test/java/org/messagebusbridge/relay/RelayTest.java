package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Sink;
import org.messagebusbridge.bus.Source;

@Timeout(180)
class RelayTest {
  private final List<Throwable> failures = new ArrayList<>();
  private final List<String> proved = new ArrayList<>();
  private final FakeSource mq = new FakeSource(true);
  private final FakeSink webSocket = new FakeSink(64);
  private Relay relay = relay(Duration.ofHours(1));

  private Relay relay(Duration hold) {
    return relay("to_ws", hold);
  }

  private Relay relay(String name, Duration hold) {
    return new Relay(
        new Relay.Settings(name, hold, Optional.empty()),
        Timing.system(),
        new Relay.Listener() {
          @Override
          public void sourceFailed(BusException cause) {
            failures.add(cause);
          }

          @Override
          public void sourceStarted(Source source) {}

          @Override
          public void sourceProved(Source source) {
            proved.add("source");
          }

          @Override
          public void sinkProved(Sink sink) {
            proved.add("sink");
          }

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
  void startsTheSourceOnlyWhenThereIsASink() throws InterruptedException {
    relay.start();
    relay.sourceUp(mq);
    relay.sinkUp(webSocket);
    assertThat(take(mq.calls, 1)).containsExactly("start");
  }

  @Test
  void countsWhatTheSourceGaveUpByItself() throws InterruptedException {
    startRelaying();
    mq.giveUp();
    mq.deliver(1, 1);
    assertThat(take(webSocket.sent, 1)).containsExactly(1);
    assertThat(relay.stats().snapshot().rejected()).isEqualTo(1);
    assertThat(relay.stats().snapshot().inFlight()).isEqualTo(1);
  }

  @Test
  void acknowledgesOnlyWhatTheSinkConfirmed() throws InterruptedException {
    startRelaying();
    mq.deliver(1, 5);
    assertThat(take(webSocket.sent, 5)).containsExactly(1, 2, 3, 4, 5);

    webSocket.confirm(3);
    await(() -> mq.accepted().size() == 3);
    assertThat(mq.accepted()).containsExactly(1, 2, 3);
    assertThat(mq.unsettled()).containsExactly(4, 5);
    assertThat(proved).containsExactly("source", "sink");
  }

  @Test
  void holdsUnconfirmedDeliveriesAcrossACutAndSendsThemFirstOnTheNextConnection()
      throws InterruptedException {
    startRelaying();
    mq.deliver(1, 4);
    take(webSocket.sent, 4);
    webSocket.confirm(1);
    relay.sinkDown(loss(BusException.Kind.UNAVAILABLE));
    mq.deliver(5, 6);

    FakeSink next = new FakeSink();
    relay.sinkUp(next);
    assertThat(take(next.sent, 5)).containsExactly(2, 3, 4, 5, 6);
    webSocket.confirm(4); // a late word of the lost connection counts for nothing
    next.confirm(5);
    await(() -> mq.unsettled().isEmpty());
    assertThat(mq.accepted()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(mq.requeued()).isEmpty();
    assertThat(relay.stats().snapshot().resent()).isEqualTo(3);
  }

  @Test
  void requeuesWhatIsHeldWhenTheHoldTimeIsOver() throws InterruptedException {
    relay = relay(Duration.ofMillis(1));
    startRelaying();
    mq.deliver(1, 4);
    take(webSocket.sent, 4);
    webSocket.confirm(1);
    relay.sinkDown(loss(BusException.Kind.UNAVAILABLE));

    assertThat(take(mq.calls, 1)).containsExactly("stop");
    mq.deliver(5, 5); // handed out before the stop, read after it
    await(() -> mq.unsettled().isEmpty());
    assertThat(mq.accepted()).containsExactly(1);
    assertThat(mq.requeued()).containsExactly(2, 3, 4, 5);

    relay.sinkUp(new FakeSink());
    assertThat(take(mq.calls, 1)).containsExactly("start");
    assertThat(relay.stats().snapshot().requeued()).isEqualTo(4);
  }

  @Test
  void stopsASourceThatCannotTakeMessagesBackAsSoonAsTheSinkIsLost() throws InterruptedException {
    FakeSource peer = new FakeSource(false);
    FakeSink broker = new FakeSink();
    relay.start();
    relay.sourceUp(peer);
    relay.sinkUp(broker);
    assertThat(take(peer.calls, 1)).containsExactly("start");
    peer.deliver(1, 3);
    take(broker.sent, 3);

    relay.sinkDown(loss(BusException.Kind.UNAVAILABLE));
    assertThat(take(peer.calls, 1)).containsExactly("stop");
    relay.sourceDown(); // the peer goes as well: its messages are still ours to deliver

    FakeSink next = new FakeSink();
    FakeSource again = new FakeSource(false);
    relay.sourceUp(again);
    relay.sinkUp(next);
    assertThat(take(next.sent, 3)).containsExactly(1, 2, 3);
    next.confirm(3);
    await(() -> peer.accepted().size() == 3);
  }

  @Test
  void forgetsWhatTheBrokerWillDeliverAgain() throws InterruptedException {
    startRelaying();
    mq.deliver(1, 3);
    take(webSocket.sent, 3);
    mq.revokeAll();
    relay.sourceDown();

    FakeSource again = new FakeSource(true);
    relay.sourceUp(again);
    assertThat(take(again.calls, 1)).containsExactly("start");
    again.deliver(1, 3);
    assertThat(take(webSocket.sent, 3)).containsExactly(1, 2, 3);
    webSocket.confirm(3); // the copies of the lost broker connection
    webSocket.confirm(6);
    await(() -> again.accepted().size() == 3);
    assertThat(mq.accepted()).isEmpty();
  }

  @Test
  void forgetsThePartThatTheSourceHasLostAndGoesOnWithTheRest() throws InterruptedException {
    startRelaying();
    mq.deliver(1, 4);
    take(webSocket.sent, 4);
    mq.revoke(2, 3);
    mq.deliver(5, 5);
    assertThat(take(webSocket.sent, 1)).containsExactly(5);

    webSocket.confirm(5);
    await(() -> mq.unsettled().isEmpty());
    assertThat(mq.accepted()).containsExactly(1, 4, 5);
    assertThat(mq.calls).as("started once").isEmpty();
    await(() -> relay.stats().snapshot().inFlight() == 0);
    assertThat(relay.stats().snapshot().accepted()).isEqualTo(3);
  }

  @Test
  void sendsRefusedMessagesAgain() throws InterruptedException {
    startRelaying();
    mq.deliver(1, 3);
    take(webSocket.sent, 3);
    webSocket.refuse(2);
    webSocket.confirmOnly(1);
    webSocket.confirmOnly(3);

    assertThat(take(webSocket.sent, 1)).containsExactly(2);
    webSocket.confirm(4);
    await(() -> mq.unsettled().isEmpty());
    assertThat(mq.accepted()).containsExactly(1, 2, 3);
    assertThat(relay.stats().snapshot().refused()).isEqualTo(1);
  }

  @Test
  void rejectsAMessageThatTheSinkCanNeverTakeAndGoesOn() throws InterruptedException {
    startRelaying();
    mq.deliver(1, 1);
    mq.deliver(mq.delivery(2, 65));
    mq.deliver(3, 3);
    assertThat(take(webSocket.sent, 2)).containsExactly(1, 3);
    webSocket.confirm(2);
    await(() -> mq.unsettled().isEmpty());
    assertThat(mq.accepted()).containsExactly(1, 3);
    assertThat(mq.rejected()).containsExactly(2);
    assertThat(mq.rejections().getFirst().reason()).isEqualTo(Rejection.Reason.TOO_LARGE);
    assertThat(mq.rejections().getFirst().detail())
        .isEqualTo("The message has 65 bytes, the most that can be sent is 64.");
  }

  @Test
  void drainsByStoppingTheSourceAndWaitingForConfirmations() throws Exception {
    startRelaying();
    mq.deliver(1, 3);
    take(webSocket.sent, 3);
    var drained = relay.drain();
    assertThat(take(mq.calls, 1)).containsExactly("stop");
    assertThat(drained).isNotDone();
    webSocket.confirm(3);
    drained.get(60, TimeUnit.SECONDS);
    assertThat(mq.accepted()).containsExactly(1, 2, 3);
  }

  @Test
  void givesBackAtOnceWhatIsInFlightWhenTheSinkIsLostWhileDraining() throws Exception {
    startRelaying();
    mq.deliver(1, 3);
    take(webSocket.sent, 3);
    var drained = relay.drain();
    relay.sinkDown(loss(BusException.Kind.UNAVAILABLE));
    drained.get(60, TimeUnit.SECONDS);
    assertThat(mq.requeued()).containsExactly(1, 2, 3);
    assertThat(mq.accepted()).isEmpty();
  }

  @Test
  void drainsWithoutHoldingWhatWasInFlightWhenTheSinkWasLostBefore() throws Exception {
    relay = relay(Duration.ofHours(1));
    startRelaying();
    mq.deliver(1, 3);
    take(webSocket.sent, 3);
    relay.sinkDown(loss(BusException.Kind.UNAVAILABLE));
    relay.drain().get(60, TimeUnit.SECONDS);
    assertThat(mq.requeued()).containsExactly(1, 2, 3);
    assertThat(mq.accepted()).isEmpty();
  }

  @Test
  void aBrokerThatIsLostOverAndOverCondemnsNoMessageOfThePeer() throws InterruptedException {
    relay = relay("from_ws", Duration.ofHours(1));
    FakeSource peer = new FakeSource(false);
    relay.start();
    relay.sourceUp(peer);
    FakeSink broker = connect();
    take(peer.calls, 1);
    peer.deliver(1, 1);
    for (int loss = 0; loss <= 20; loss++) {
      assertThat(take(broker.sent, 1)).containsExactly(1);
      relay.sinkDown(loss(BusException.Kind.UNAVAILABLE));
      broker = connect();
    }
    assertThat(take(broker.sent, 1)).containsExactly(1);
    broker.confirm(1);
    await(() -> peer.accepted().size() == 1);
    assertThat(peer.rejected()).isEmpty();
  }

  private FakeSink connect() {
    FakeSink next = new FakeSink();
    relay.sinkUp(next);
    return next;
  }

  private static BusException loss(BusException.Kind kind) {
    return new BusException(kind, "lost", null);
  }

  private void startRelaying() throws InterruptedException {
    relay.start();
    relay.sinkUp(webSocket);
    relay.sourceUp(mq);
    assertThat(take(mq.calls, 1)).containsExactly("start");
  }

  private static <T> List<T> take(BlockingQueue<T> queue, int count) throws InterruptedException {
    List<T> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      T next = queue.poll(60, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("only " + taken + " of " + count);
      }
      taken.add(next);
    }
    return taken;
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("did not come true in a minute");
      }
      Thread.onSpinWait();
    }
  }
}
