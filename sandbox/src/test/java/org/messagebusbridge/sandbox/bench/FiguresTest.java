package org.messagebusbridge.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {

  private static Figures figures(int sent, int received, long duplicated, long outOfOrder) {
    return new Figures(
        sent, received, duplicated, outOfOrder, List.of(10, 1_000, 20, 30), 1, 2, 2.5, 3);
  }

  @Test
  void takesTheMedianOfTheSecondsSoThatOneAloneDoesNotMoveIt() {
    assertThat(figures(1_060, 1_060, 0, 0).median()).isEqualTo(30);
    assertThat(figures(1_060, 1_060, 0, 0).measured()).isEqualTo(1_060);
    assertThat(figures(1_060, 1_060, 0, 0).overall()).isEqualTo(265);
  }

  @Test
  void isCleanOnlyWhenAllCameOnceAndInOrder() {
    assertThat(figures(5, 5, 0, 0).isClean()).isTrue();
    assertThat(figures(5, 4, 0, 0).isClean()).isFalse();
    assertThat(figures(5, 4, 0, 0).lost()).isEqualTo(1);
    assertThat(figures(5, 5, 1, 0).isClean()).isFalse();
    assertThat(figures(5, 5, 0, 1).isClean()).isFalse();
  }
}
