package org.messagebusbridge.sandbox.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally();

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      tally.next();
    }
  }

  private void receive(int... numbers) {
    for (int number : numbers) {
      tally.received(Numbered.first(Flow.TO_WS, number), false);
    }
  }

  @Test
  void countsWhatIsLostComesTwiceAndComesLate() {
    send(6);
    receive(0, 2, 1, 2, 2, 4);

    assertThat(tally.sum()).isEqualTo(new Tally.Sum(6, 4, 2, 2, 1, 0, 0, 0));
    assertThat(tally.missing()).isEqualTo(2);
  }

  @Test
  void aCopyThatItsSenderMadeIsNeitherADuplicateNorOutOfOrder() {
    send(3);
    receive(0, 1, 2);
    tally.received(Numbered.first(Flow.TO_WS, 1).again(), false);

    assertThat(tally.sum().duplicated()).isZero();
    assertThat(tally.sum().outOfOrder()).isZero();

    tally.received(Numbered.first(Flow.TO_WS, 1).again(), false);
    assertThat(tally.sum().duplicated()).isEqualTo(1);
  }

  @Test
  void whatItsOwnReceiverHadOutBeforeIsCountedApart() {
    send(2);
    receive(0, 1);
    tally.received(Numbered.first(Flow.TO_WS, 0), true);

    assertThat(tally.sum()).isEqualTo(new Tally.Sum(2, 2, 0, 0, 0, 1, 0, 0));
  }

  @Test
  void whatWasGivenUpIsNotLostUnlessItCame() {
    send(4);
    receive(0, 1);
    tally.givenUp(1);
    tally.givenUp(2);

    assertThat(tally.sum()).isEqualTo(new Tally.Sum(4, 2, 1, 0, 0, 0, 2, 0));
    assertThat(tally.wronglyGivenUp(number -> number == 2)).isEqualTo(1);
    assertThat(tally.wronglyGivenUp(number -> number == 1 || number == 2)).isZero();
  }

  @Test
  void aBodySaysWhichMessageItIsAndHowOftenItWasSent() {
    Numbered message = new Numbered(Flow.FROM_WS, 0xabcdef, 3);

    assertThat(Numbered.of(message.bytes(200))).contains(message);
    assertThat(message.bytes(200)).hasSize(200).containsOnlyOnce((byte) '+');
    assertThat(Numbered.of("Test msg #1 (x.1234)".getBytes(UTF_8))).isEmpty();
  }
}
