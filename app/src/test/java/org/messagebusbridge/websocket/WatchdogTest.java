package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.websocket.FrameGuard.Progress;
import org.messagebusbridge.websocket.ReceiptPings.Debt;

class WatchdogTest {
  private static final Progress BETWEEN_FRAMES = new Progress(5, false);
  private static final OptionalLong ALWAYS = OptionalLong.of(0);

  private final Watchdog watchdog = new Watchdog(Duration.ofNanos(30));

  @Test
  void givesUpAPeerThatOwesAPongForTheWholeTimeout() {
    Optional<Debt> owed = owed(0);
    assertThat(watchdog.expired(129, owed, ALWAYS, 129, BETWEEN_FRAMES)).isFalse();
    assertThat(watchdog.expired(130, owed, ALWAYS, 129, BETWEEN_FRAMES)).isTrue();
  }

  private static Optional<Debt> owed(long inFront) {
    return Optional.of(new Debt(100, inFront, true));
  }

  @Test
  void givesTimeForTheMessagesThatStandBeforeThePingButNotForEver() {
    assertThat(watchdog.expired(134, owed(5), ALWAYS, 129, BETWEEN_FRAMES)).isFalse();
    assertThat(watchdog.expired(135, owed(5), ALWAYS, 129, BETWEEN_FRAMES)).isTrue();
    assertThat(watchdog.expired(189, owed(1_000_000), ALWAYS, 129, BETWEEN_FRAMES)).isFalse();
    assertThat(watchdog.expired(190, owed(1_000_000), ALWAYS, 129, BETWEEN_FRAMES)).isTrue();
  }

  @Test
  void giveNobodyUpWhoOwesNothing() {
    assertThat(watchdog.expired(999, Optional.empty(), ALWAYS, 0, BETWEEN_FRAMES)).isFalse();
  }

  @Test
  void doesNotCountTheTimeInWhichTheBridgeDoesNotRead() {
    Optional<Debt> owed = owed(0);
    assertThat(watchdog.expired(999, owed, OptionalLong.empty(), 0, BETWEEN_FRAMES)).isFalse();
    OptionalLong resumed = OptionalLong.of(1_000);
    assertThat(watchdog.expired(1_029, owed, resumed, 0, BETWEEN_FRAMES)).isFalse();
    assertThat(watchdog.expired(1_030, owed, resumed, 0, BETWEEN_FRAMES)).isTrue();
  }

  @Test
  void waitsForTheEndOfAFrameThatIsStillComing() {
    Optional<Debt> owed = owed(0);
    assertThat(watchdog.expired(130, owed, ALWAYS, 125, new Progress(5, true))).isFalse();
    assertThat(watchdog.expired(200, owed, ALWAYS, 190, new Progress(5, true))).isFalse();
    assertThat(watchdog.expired(210, owed, ALWAYS, 205, new Progress(6, true)))
        .as("the pong could have come after that frame")
        .isTrue();
  }

  @Test
  void doesNotWaitForAFrameThatHasStoppedComing() {
    assertThat(watchdog.expired(200, owed(0), ALWAYS, 170, new Progress(5, true))).isTrue();
  }
}
