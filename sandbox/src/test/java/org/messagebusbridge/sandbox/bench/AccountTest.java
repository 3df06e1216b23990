package org.messagebusbridge.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountTest {

  private final Account account = new Account();

  private void receive(int... numbers) {
    for (int number : numbers) {
      account.received(number);
    }
  }

  @Test
  void findsNothingWrongWithMessagesThatComeOnceAndInOrder() {
    receive(0, 1, 2, 3);

    assertThat(account.received()).isEqualTo(4);
    assertThat(account.duplicated()).isZero();
    assertThat(account.outOfOrder()).isZero();
  }

  @Test
  void countsWhatComesBehindALaterOne() {
    receive(0, 3, 1, 2, 4);

    assertThat(account.received()).isEqualTo(5);
    assertThat(account.outOfOrder()).isEqualTo(2);
  }

  @Test
  void countsWhatComesAgainAsDuplicatedAndAsNothingElse() {
    receive(0, 1, 2);

    assertThat(account.received(1)).isFalse();
    assertThat(account.received(3)).isTrue();

    assertThat(account.received()).isEqualTo(4);
    assertThat(account.duplicated()).isEqualTo(1);
    assertThat(account.outOfOrder()).isZero();
  }
}
