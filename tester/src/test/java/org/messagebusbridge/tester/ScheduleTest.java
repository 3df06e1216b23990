package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void isKeptFromTheStartSoRoundingDoesNotAddUp() {
    Schedule schedule = new Schedule(3_000_001, 1e9 / 30_000, Optional.empty());

    assertThat(schedule.nanosOf(1)).isEqualTo(33_333);
    assertThat(schedule.nanosOf(3_000_000)).isBetween(99_999_999_999L, 100_000_000_000L);
  }

  @Test
  void endsAtItsNumberOrItsDurationWhicheverIsFirst() {
    Schedule schedule = new Schedule(8, 1e9, Optional.of(Duration.ofMillis(2_500)));

    assertThat(schedule.total()).hasValue(3);
    assertThat(schedule.includes(2, schedule.nanosOf(2))).isTrue();
    assertThat(schedule.includes(3, schedule.nanosOf(3))).isFalse();
    assertThat(new Schedule(2, 1e9, Optional.of(Duration.ofMinutes(1))).total()).hasValue(2);
    assertThat(new Schedule(2, 1e9, Optional.empty()).includes(2, 0)).isFalse();
  }

  @Test
  void doesNotKnowHowManyItSendsAsFastAsItCanForATime() {
    Schedule schedule = new Schedule(1_000, 0, Optional.of(Duration.ofSeconds(1)));

    assertThat(schedule.isTimed()).isFalse();
    assertThat(schedule.total()).isEmpty();
    assertThat(schedule.includes(999, 999_999_999)).isTrue();
    assertThat(schedule.includes(999, 1_000_000_000)).isFalse();
  }
}
