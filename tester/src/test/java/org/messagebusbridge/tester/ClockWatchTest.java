package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ClockWatchTest {

  /** Both clocks, which the test sets. */
  private static final class Clocks extends Clock {
    private Instant wall = Instant.parse("2026-11-24T00:00:00Z");
    private long steady = -5_000_000_000L;
    private Duration heldUp = Duration.ZERO;

    private void pass(Duration time) {
      wall = wall.plus(time);
      steady += time.toNanos();
    }

    private long steady() {
      // a thread may be held up between any two readings
      steady += heldUp.toNanos();
      return steady;
    }

    @Override
    public Instant instant() {
      return wall;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private final Clocks clocks = new Clocks();
  private final ClockWatch watch = new ClockWatch(clocks, clocks::steady);

  @Test
  void seesNothingInTimeThatPasses() {
    for (int i = 0; i < 100; i++) {
      assertThat(watch.wentBack()).isFalse();
      clocks.pass(Duration.ofMillis(i));
    }
  }

  @Test
  void seesEachStepBackOnceEvenWhenMoreTimeThanThatHasPassed() {
    assertThat(watch.wentBack()).isFalse();
    clocks.pass(Duration.ofSeconds(10));
    clocks.wall = clocks.wall.minusSeconds(3);
    assertThat(watch.wentBack()).isTrue();
    assertThat(watch.wentBack()).isFalse();

    clocks.wall = clocks.wall.minusMillis(5);
    assertThat(watch.wentBack()).isTrue();
  }

  @Test
  void takesNoStepForwardForOneBack() {
    assertThat(watch.wentBack()).isFalse();
    clocks.wall = clocks.wall.plusSeconds(3_600);
    assertThat(watch.wentBack()).isFalse();
  }

  @Test
  void takesNoSlowedClockAndNoHeldUpThreadForAStep() {
    assertThat(watch.wentBack()).isFalse();
    for (int i = 0; i < 100; i++) {
      clocks.pass(Duration.ofSeconds(1));
      clocks.wall = clocks.wall.minusNanos(500_000); // 500 ppm, as NTP slews
      assertThat(watch.wentBack()).isFalse();
    }
    clocks.heldUp = Duration.ofMillis(80);
    clocks.wall = clocks.wall.plusMillis(80);
    assertThat(watch.wentBack()).isFalse();
  }
}
