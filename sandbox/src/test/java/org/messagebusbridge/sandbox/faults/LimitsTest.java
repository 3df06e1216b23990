package org.messagebusbridge.sandbox.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {

  private static Tally.Sum sum(int lost, long twice, long outOfOrder) {
    return new Tally.Sum(10_000, 10_000 - lost, lost, twice, outOfOrder, 0, 0, 0);
  }

  @Test
  void allowAWindowOfDuplicatesForEachFaultAndNothingElse() {
    assertThat(Limits.WINDOWS.passedBy(2, 0, Flow.TO_WS, sum(0, 1_000, 0))).isEmpty();
    assertThat(Limits.WINDOWS.passedBy(2, 0, Flow.FROM_WS, sum(0, 4_000, 0))).isEmpty();
    assertThat(Limits.WINDOWS.passedBy(2, 0, Flow.TO_WS, sum(1, 1_001, 3)))
        .containsExactly(
            "1 of 10000 messages to_ws were lost",
            "1001 messages to_ws came twice, 1000 at most may",
            "3 messages to_ws came out of order");
  }

  @Test
  void letWhatWentBackToTheQueueComeLate() {
    assertThat(Limits.WINDOWS.passedBy(1, 500, Flow.TO_WS, sum(0, 0, 500))).isEmpty();
    assertThat(Limits.WINDOWS.passedBy(1, 500, Flow.TO_WS, sum(0, 0, 501))).hasSize(1);
    assertThat(Limits.WINDOWS.passedBy(1, 500, Flow.FROM_WS, sum(0, 0, 1))).hasSize(1);
  }

  @Test
  void mayBeLooserOrStricter() {
    assertThat(Limits.WINDOWS.lossy().unordered().passedBy(1, 0, Flow.TO_WS, sum(7, 0, 7)))
        .isEmpty();
    assertThat(Limits.NONE_TWICE.passedBy(9, 0, Flow.FROM_WS, sum(0, 1, 0))).hasSize(1);
  }
}
