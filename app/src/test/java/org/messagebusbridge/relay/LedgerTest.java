package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.bus.Rejection;

class LedgerTest {
  private final FakeSource source = new FakeSource(true);
  private final Ledger ledger = new Ledger();
  private final List<Integer> acceptedSizes = new ArrayList<>();
  private long number;

  @Test
  void acceptsNothingBeforeItsConfirmation() {
    deliver(1, 3);
    sendAll();

    settle();
    assertThat(source.accepted()).isEmpty();

    ledger.confirmed(2, true, 0);
    settle();
    assertThat(source.accepted()).containsExactly(1, 2);
    assertThat(source.unsettled()).containsExactly(3);
    assertThat(ledger.size()).isEqualTo(1);
    assertThat(acceptedSizes).containsExactly(4, 4);
  }

  @Test
  void keepsALaterConfirmationUntilTheEarlierOneHasCome() {
    deliver(1, 3);
    sendAll();

    ledger.confirmed(3, false, 0);
    ledger.confirmed(2, false, 0);
    settle();
    assertThat(source.accepted()).isEmpty();

    ledger.confirmed(1, false, 0);
    settle();
    assertThat(source.accepted()).containsExactly(1, 2, 3);
    assertThat(ledger.size()).isZero();
  }

  @Test
  void sendsWhatALostSinkDidNotConfirmFirstAndInOrder() {
    deliver(1, 5);
    sendAll();
    ledger.confirmed(1, true, 0);
    ledger.confirmed(3, false, 0);
    deliver(6, 6);

    ledger.sinkLost(false);
    number = 0;

    assertThat(sendAll()).containsExactly(2, 4, 5, 6);
    ledger.confirmed(4, true, 0);
    settle();
    assertThat(source.accepted()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void sendsARefusedOneAgainBeforeThoseThatWait() {
    deliver(1, 3);
    sendAll();
    deliver(4, 4);

    ledger.refused(2, false);
    ledger.confirmed(1, false, 0);
    ledger.confirmed(3, false, 0);

    assertThat(sendAll()).containsExactly(2, 4);
    ledger.confirmed(5, true, 0);
    settle();
    assertThat(source.accepted()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void doesNotTakeAnAnswerToAnEarlierNumberForOneToTheLatest() {
    deliver(1, 3);
    sendAll();
    ledger.refused(2, false);
    assertThat(sendAll()).containsExactly(2); // as number 4

    ledger.confirmed(3, true, 0); // 1 and 3; number 2 was answered already
    settle();
    assertThat(source.accepted()).containsExactly(1);

    ledger.confirmed(4, true, 0);
    settle();
    assertThat(source.accepted()).containsExactly(1, 2, 3);
  }

  @Test
  void keepsTheOrderWhenTheSinkIsLostAfterARefusedOneWasSentAgain() {
    deliver(1, 3);
    sendAll();
    ledger.refused(1, false);
    assertThat(sendAll()).containsExactly(1);

    ledger.sinkLost(false);
    number = 0;
    assertThat(sendAll()).containsExactly(1, 2, 3);
  }

  @Test
  void passesOverAnswersToNumbersThatAreNotOnTheWire() {
    deliver(1, 1);
    sendAll();
    ledger.confirmed(7, false, 0);
    ledger.confirmed(0, true, 0);
    ledger.refused(9, false);
    settle();
    assertThat(source.accepted()).isEmpty();
    assertThat(ledger.size()).isEqualTo(1);
  }

  @Test
  void forgetsWhatItsSourceWillHandOutAgain() {
    deliver(1, 4);
    ledger.sent(next(), 1, 0);
    ledger.sent(next(), 2, 0);
    ledger.confirmed(2, false, 0);

    source.revokeAll();
    ledger.forgetRevoked();

    assertThat(ledger.size()).isZero();
    assertThat(ledger.nextToSend()).isNull();
    ledger.confirmed(2, true, 0);
    settle();
    assertThat(source.accepted()).isEmpty();
  }

  @Test
  void forgetsThePartThatItsSourceHasLost() {
    deliver(1, 5);
    ledger.sent(next(), 1, 0);
    ledger.sent(next(), 2, 0);

    source.revoke(2, 4);
    ledger.forgetRevoked();

    assertThat(ledger.size()).isEqualTo(3);
    number = 2;
    assertThat(sendAll()).containsExactly(3, 5);
    ledger.confirmed(4, true, 0);
    settle();
    assertThat(source.accepted()).containsExactly(1, 3, 5);
    assertThat(source.unsettled()).isEmpty();
    assertThat(ledger.size()).isZero();
  }

  @Test
  void givesBackWhatIsNotAccepted() {
    deliver(1, 4);
    sendAll();
    ledger.confirmed(1, true, 0);
    ledger.confirmed(3, false, 0);
    ledger.sinkLost(false);
    settle();

    assertThat(ledger.giveBack(source)).isEqualTo(3);
    settle();

    assertThat(source.requeued()).containsExactly(2, 3, 4);
    assertThat(source.accepted()).containsExactly(1);
    assertThat(source.unsettled()).isEmpty();
    assertThat(ledger.nextToSend()).isNull();
    assertThat(ledger.kept()).isZero();
    assertThat(ledger.size()).isZero();
  }

  @Test
  void givesBackWhatIsOfOneSourceAlone() {
    FakeSource peer = new FakeSource(false);
    ledger.add(peer.delivery(7, 4), 0);
    deliver(1, 2);

    assertThat(ledger.giveBack(source)).isEqualTo(2);

    assertThat(source.requeued()).containsExactly(1, 2);
    assertThat(ledger.size()).isEqualTo(1);
    assertThat(sendAll()).containsExactly(7);
  }

  @Test
  void settlesARejectedOneOutOfTurn() {
    deliver(1, 3);
    sendAll();
    Rejection rejection =
        new Rejection(
            Rejection.Reason.REFUSED, "refused", Map.of("close-code", 1009), 1, Instant.EPOCH);
    ledger.rejected(2, rejection);
    assertThat(source.rejected()).containsExactly(2);
    assertThat(source.rejections()).containsExactly(rejection);

    ledger.confirmed(3, true, 0);
    settle();
    assertThat(source.accepted()).containsExactly(1, 3);
    assertThat(ledger.size()).isZero();
  }

  @Test
  void refusesToCountASendTwice() {
    deliver(1, 2);
    Ledger.Entry first = next();
    ledger.sent(first, 1, 0);
    assertThatThrownBy(() -> ledger.sent(first, 2, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ledger.sent(next(), 3, 0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void acceptsDeliveriesOfTwoSourcesEachAtItsOwn() {
    FakeSource other = new FakeSource(true);
    deliver(1, 2);
    ledger.add(other.delivery(1, 4), 0);
    ledger.add(other.delivery(2, 4), 0);
    sendAll();
    ledger.confirmed(4, true, 0);
    settle();
    assertThat(source.accepted()).containsExactly(1, 2);
    assertThat(other.accepted()).containsExactly(1, 2);
  }

  @Test
  void keepsAConfirmationUntilItIsDueAndSendsAgainWhenItIsDistrusted() {
    deliver(1, 3);
    sendAll();
    ledger.confirmed(2, true, 7);
    ledger.settle(entry -> entry.position() == 0, _ -> {});
    assertThat(source.accepted()).containsExactly(1);
    assertThat(ledger.outstanding()).isEqualTo(2);
    assertThat(ledger.kept()).isEqualTo(1);
    assertThat(ledger.keptBytes()).isEqualTo(4);

    assertThat(ledger.sinkLost(true).entries())
        .extracting(Ledger.Entry::position)
        .containsExactly(1L, 2L);
    assertThat(ledger.outstanding()).isZero();
    number = 0;
    assertThat(sendAll()).containsExactly(2, 3);
    ledger.confirmed(2, true, 9);
    settle();
    assertThat(source.accepted()).containsExactly(1, 2, 3);
    assertThat(ledger.kept()).isZero();
    assertThat(ledger.keptBytes()).isZero();
  }

  private void deliver(int from, int to) {
    for (int i = from; i <= to; i++) {
      ledger.add(source.delivery(i, 4), 0);
    }
  }

  private Ledger.Entry next() {
    Ledger.Entry entry = ledger.nextToSend();
    if (entry == null) {
      throw new AssertionError("nothing to send");
    }
    return entry;
  }

  private List<Integer> sendAll() {
    List<Integer> ids = new ArrayList<>();
    for (Ledger.Entry entry = ledger.nextToSend(); entry != null; entry = ledger.nextToSend()) {
      ids.add((int) entry.delivery().message().body()[0]);
      ledger.sent(entry, ++number, 0);
    }
    return ids;
  }

  private void settle() {
    ledger.settle(_ -> true, entry -> acceptedSizes.add(entry.delivery().message().size()));
  }
}
