package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.BusException.Kind;
import org.messagebusbridge.bus.Rejection;

class PoisonDetectorTest {
  private static final int MAX_DELIVERIES = 5;
  private static final Duration GRACE = Duration.ofNanos(1_000);

  private final PoisonDetector detector = new PoisonDetector(MAX_DELIVERIES, GRACE);
  private final FakeSource source = new FakeSource(true);
  private final Ledger ledger = new Ledger();
  private final BusException hungUp = new BusException(Kind.UNAVAILABLE, "hung up", null);
  private long now = 1_000_000;
  private long sent;

  private List<Ledger.Entry> deliver(int messages) {
    List<Ledger.Entry> entries = new ArrayList<>();
    ledger.settle(_ -> true, _ -> {});
    for (int i = 0; i < messages; i++) {
      ledger.add(source.delivery(source.unsettled().size() + i + 1, 4), 0);
    }
    while (ledger.nextToSend() != null) {
      Ledger.Entry entry = ledger.nextToSend();
      ledger.sent(entry, ++sent, now);
      entries.add(entry);
    }
    ledger.sinkLost(false);
    sent = 0;
    return entries;
  }

  private Optional<Rejection> lose(List<Ledger.Entry> outstanding, BusException cause, long after) {
    now += after;
    Optional<Rejection> rejection =
        detector.lost(new Ledger.Lost(outstanding, outstanding.size()), cause, now, Instant.EPOCH);
    detector.connected(now);
    return rejection;
  }

  @Test
  void oneLossMakesNoSuspects() {
    List<Ledger.Entry> all = deliver(4);
    detector.connected(now);
    assertThat(lose(all, hungUp, 10)).isEmpty();
    assertThat(all).noneMatch(detector::suspects);
    assertThat(group(all)).isEqualTo(4);
  }

  @Test
  void whatWasOnANetworkThatIsCutOnceNeedNotStand() {
    List<Ledger.Entry> all = deliver(4);
    detector.connected(now);
    lose(all, hungUp, 10);
    assertThat(all).noneMatch(detector::mustStand);

    lose(all.subList(0, 2), hungUp, 10);
    assertThat(all.subList(0, 2)).as("twice in a row").allMatch(detector::mustStand);
    assertThat(all.subList(2, 4)).noneMatch(detector::mustStand);
  }

  @Test
  void whatWasOnAConnectionThatThePeerClosedMustStand() {
    List<Ledger.Entry> all = deliver(4);
    detector.connected(now);
    lose(all, hungUp.withDetail("close-code", 1011), 10);
    assertThat(all).allMatch(detector::mustStand);
    assertThat(all).noneMatch(detector::suspects);

    lose(all.subList(0, 1), hungUp.withDetail("close-code", 1011), 10);
    assertThat(all).as("a later loss of fewer takes nothing back").allMatch(detector::mustStand);
  }

  @Test
  void whatWasOnAConnectionThatThePeerClosedInOrderNeedNotStand() {
    List<Ledger.Entry> all = deliver(4);
    detector.connected(now);
    lose(
        all,
        new BusException(Kind.CLOSED_BY_PEER, "went away", null).withDetail("close-code", 1001),
        10);
    assertThat(all).noneMatch(detector::mustStand);
  }

  @Test
  void deliveriesBetweenLossesTakeTheSuspicionAway() {
    List<Ledger.Entry> all = deliver(4);
    detector.connected(now);
    for (int i = 0; i < 9; i++) {
      assertThat(lose(all, hungUp, 10)).isEmpty();
      detector.delivered();
    }
    assertThat(all).noneMatch(detector::suspects);
  }

  @Test
  void halfOfTheSuspectsGoAtATimeAndTheRestWhenThoseWereDelivered() {
    List<Ledger.Entry> all = deliver(8);
    detector.connected(now);
    lose(all, hungUp, 10);
    lose(all, hungUp, 10);

    assertThat(all).allMatch(detector::suspects);
    assertThat(detector.probing(all.getFirst())).isTrue();
    assertThat(group(all)).isEqualTo(4);
    lose(all.subList(0, 4), hungUp, 10);
    assertThat(detector.suspects(all.get(4))).as("was not there").isFalse();
    assertThat(group(all)).isEqualTo(2);
    assertThat(group(all.subList(2, 8))).as("the first two were delivered").isEqualTo(2);
    assertThat(group(all.subList(4, 8))).as("innocents go together").isEqualTo(4);
  }

  @Test
  void thoseThatHadAConfirmationGoFirstThenTheOneAfterThemAlone() {
    List<Ledger.Entry> all = deliver(8);
    detector.connected(now);
    lose(all, hungUp, 10);
    now += 10;
    var _ = detector.lost(new Ledger.Lost(all, 5), hungUp, now, Instant.EPOCH);
    detector.connected(now);

    assertThat(group(all)).isEqualTo(5);
    assertThat(group(all.subList(5, 8))).isEqualTo(1);
    assertThat(group(all.subList(6, 8))).isEqualTo(2);
  }

  private int group(List<Ledger.Entry> next) {
    int outstanding = 0;
    for (Ledger.Entry entry : next) {
      if (!detector.maySend(entry, outstanding)) {
        break;
      }
      outstanding++;
    }
    return outstanding;
  }

  @Test
  void givesUpWhatHungThePeerUpAloneAndNotWithoutIt() {
    List<Ledger.Entry> one = deliver(1);
    detector.connected(now);
    for (int loss = 1; loss <= MAX_DELIVERIES; loss++) {
      assertThat(detector.maySend(one.getFirst(), 0)).isTrue();
      assertThat(lose(one, hungUp, 100)).isEmpty();
    }
    assertThat(detector.maySend(one.getFirst(), 0)).as("the experiment").isFalse();
    assertThat(detector.experimentEnds()).isEqualTo(now + 150);
    assertThat(detector.alive(now + 149, Instant.EPOCH)).as("not for long enough").isEmpty();
    PoisonDetector.Verdict verdict = detector.alive(now + 150, Instant.EPOCH).orElseThrow();
    assertThat(verdict.entry()).isEqualTo(one.getFirst());
    assertThat(verdict.rejection().reason()).isEqualTo(Rejection.Reason.PEER_FAILED);
    assertThat(verdict.rejection().detail()).isEqualTo("hung up");
    assertThat(detector.experimentEnds()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void acquitsWhenTheConnectionWithoutItIsLostAsWellAndThenTrustsItsReceiptSooner() {
    List<Ledger.Entry> one = deliver(1);
    detector.connected(now);
    for (int loss = 1; loss <= MAX_DELIVERIES; loss++) {
      lose(one, hungUp, 100);
    }
    assertThat(detector.graceNanos()).isEqualTo(1_000);
    assertThat(lose(List.of(), hungUp, 120)).isEmpty();

    assertThat(detector.experimentEnds()).isEqualTo(Long.MAX_VALUE);
    assertThat(detector.maySend(one.getFirst(), 0)).isTrue();
    assertThat(detector.graceNanos()).isEqualTo(30);
    assertThat(detector.probing(one.getFirst())).as("losses count again").isFalse();

    lose(one, hungUp, 2_001);
    assertThat(detector.graceNanos()).as("after one that lasted").isEqualTo(1_000);
  }

  @Test
  void aCloseThatRefusesAMessageNeedsNoExperiment() {
    List<Ledger.Entry> all = deliver(2);
    BusException refused = new BusException(Kind.MESSAGE_REFUSED, "too big", null);
    detector.connected(now);
    assertThat(lose(all, refused, 10)).isEmpty();
    assertThat(all).as("once").noneMatch(detector::suspects);
    assertThat(lose(all, refused, 10)).isEmpty();
    assertThat(all).as("twice in a row").allMatch(detector::suspects);
    for (int loss = 1; loss < MAX_DELIVERIES; loss++) {
      assertThat(lose(all.subList(0, 1), refused, 10)).isEmpty();
    }
    assertThat(lose(all.subList(0, 1), refused, 10))
        .map(Rejection::reason)
        .contains(Rejection.Reason.REFUSED);
  }

  @Test
  void anotherMessageAloneStartsTheCountAnew() {
    List<Ledger.Entry> all = deliver(2);
    detector.connected(now);
    for (int i = 0; i < 3 * MAX_DELIVERIES; i++) {
      assertThat(lose(all.subList(i % 2, i % 2 + 1), hungUp, 10)).isEmpty();
    }
    assertThat(detector.experimentEnds()).isEqualTo(Long.MAX_VALUE);
  }

  /** Whatever the place of the poison, it is found, and the others are sent a few times at most. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 128, 199, 255})
  void findsThePoisonAmongManyInAFewLosses(int poison) {
    List<Ledger.Entry> left = new ArrayList<>(deliver(256));
    Ledger.Entry culprit = left.get(poison);
    detector.connected(now);
    int losses = 0;
    TreeSet<Long> delivered = new TreeSet<>();
    while (left.contains(culprit)) {
      int group = group(left);
      if (group == 0) {
        now = detector.experimentEnds();
        assertThat(detector.alive(now, Instant.EPOCH).orElseThrow().entry()).isEqualTo(culprit);
        left.remove(culprit);
        break;
      }
      List<Ledger.Entry> onTheWire = List.copyOf(left.subList(0, group));
      if (onTheWire.contains(culprit)) {
        lose(onTheWire, hungUp, 10);
        losses++;
      } else {
        onTheWire.forEach(entry -> delivered.add(entry.position()));
        left.subList(0, group).clear();
        detector.delivered();
      }
    }
    assertThat(delivered).hasSize(poison);
    assertThat(losses).isLessThanOrEqualTo(2 + 8 + MAX_DELIVERIES);
  }
}
