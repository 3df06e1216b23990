package org.messagebusbridge.sandbox.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {

  private static Tally.Sum sum(int lost, long twice, long outOfOrder) {
    return new Tally.Sum(10_000, 10_000 - lost, lost, twice, outOfOrder, 0, 0, 0);
  }

  private static Limits.Strain strain(int faults, long requeued) {
    return new Limits.Strain(faults, requeued, 0);
  }

  @Test
  void allowAWindowOfDuplicatesForEachFaultAndNothingElse() {
    assertThat(Limits.WINDOWS.passedBy(strain(2, 0), Flow.TO_WS, sum(0, 1_000, 0))).isEmpty();
    assertThat(Limits.WINDOWS.passedBy(strain(2, 0), Flow.FROM_WS, sum(0, 4_000, 0))).isEmpty();
    assertThat(Limits.WINDOWS.passedBy(strain(2, 0), Flow.TO_WS, sum(1, 1_001, 3)))
        .containsExactly(
            "1 of 10000 messages to_ws were lost",
            "1001 messages to_ws came twice, 1000 at most may",
            "3 messages to_ws came out of order");
  }

  @Test
  void allowToComeTwiceWhatTheBrokerHadNotSaved() {
    Limits.Strain strain = new Limits.Strain(2, 0, 300);

    assertThat(Limits.WINDOWS.passedBy(strain, Flow.TO_WS, sum(0, 1_300, 0))).isEmpty();
    assertThat(Limits.WINDOWS.passedBy(strain, Flow.TO_WS, sum(0, 1_301, 0)))
        .containsExactly("1301 messages to_ws came twice, 1300 at most may");
    assertThat(Limits.WINDOWS.passedBy(strain, Flow.FROM_WS, sum(0, 4_001, 0))).hasSize(1);
  }

  @Test
  void letWhatWentBackToTheQueueComeLate() {
    assertThat(Limits.WINDOWS.passedBy(strain(1, 500), Flow.TO_WS, sum(0, 0, 500))).isEmpty();
    assertThat(Limits.WINDOWS.passedBy(strain(1, 500), Flow.TO_WS, sum(0, 0, 501))).hasSize(1);
    assertThat(Limits.WINDOWS.passedBy(strain(1, 500), Flow.FROM_WS, sum(0, 0, 1))).hasSize(1);
  }

  @Test
  void mayBeLooserOrStricter() {
    assertThat(Limits.WINDOWS.lossy().unordered().passedBy(strain(1, 0), Flow.TO_WS, sum(7, 0, 7)))
        .isEmpty();
    assertThat(Limits.NONE_TWICE.passedBy(strain(9, 0), Flow.FROM_WS, sum(0, 1, 0))).hasSize(1);
  }
}
