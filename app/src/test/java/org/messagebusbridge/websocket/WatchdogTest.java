package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.websocket.FrameGuard.Progress;

class WatchdogTest {
  private static final Progress BETWEEN_FRAMES = new Progress(5, false);
  private static final OptionalLong ALWAYS = OptionalLong.of(0);

  private final Watchdog watchdog = new Watchdog(Duration.ofNanos(30));

  @Test
  void givesUpAPeerThatOwesAPongForTheWholeTimeout() {
    OptionalLong owed = OptionalLong.of(100);
    assertThat(watchdog.expired(129, owed, ALWAYS, 129, BETWEEN_FRAMES)).isFalse();
    assertThat(watchdog.expired(130, owed, ALWAYS, 129, BETWEEN_FRAMES)).isTrue();
  }

  @Test
  void giveNobodyUpWhoOwesNothing() {
    assertThat(watchdog.expired(999, OptionalLong.empty(), ALWAYS, 0, BETWEEN_FRAMES)).isFalse();
  }

  @Test
  void doesNotCountTheTimeInWhichTheBridgeDoesNotRead() {
    OptionalLong owed = OptionalLong.of(100);
    assertThat(watchdog.expired(999, owed, OptionalLong.empty(), 0, BETWEEN_FRAMES)).isFalse();
    OptionalLong resumed = OptionalLong.of(1_000);
    assertThat(watchdog.expired(1_029, owed, resumed, 0, BETWEEN_FRAMES)).isFalse();
    assertThat(watchdog.expired(1_030, owed, resumed, 0, BETWEEN_FRAMES)).isTrue();
  }

  @Test
  void waitsForTheEndOfAFrameThatIsStillComing() {
    OptionalLong owed = OptionalLong.of(100);
    assertThat(watchdog.expired(130, owed, ALWAYS, 125, new Progress(5, true))).isFalse();
    assertThat(watchdog.expired(200, owed, ALWAYS, 190, new Progress(5, true))).isFalse();
    assertThat(watchdog.expired(210, owed, ALWAYS, 205, new Progress(6, true)))
        .as("the pong could have come after that frame")
        .isTrue();
  }

  @Test
  void doesNotWaitForAFrameThatHasStoppedComing() {
    assertThat(watchdog.expired(200, OptionalLong.of(100), ALWAYS, 170, new Progress(5, true)))
        .isTrue();
  }
}
