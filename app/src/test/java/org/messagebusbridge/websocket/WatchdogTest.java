package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.websocket.FrameGuard.Progress;
import org.messagebusbridge.websocket.ReceiptPings.Debt;

class WatchdogTest {
  private static final Progress BETWEEN_FRAMES = new Progress(5, false);
  private static final OptionalLong ALWAYS = OptionalLong.of(0);

  private static final Peer PEER = new Peer("ws://peer/", "peer", "peer", 80, false);

  private final Watchdog watchdog = new Watchdog(PEER, Duration.ofNanos(30));

  @Test
  void givesUpAPeerThatOwesAPongForTheWholeTimeout() {
    Optional<Debt> owed = owed(0);
    assertThat(watchdog.silent(129, owed, ALWAYS, 129, BETWEEN_FRAMES)).isFalse();
    assertThat(watchdog.silent(130, owed, ALWAYS, 129, BETWEEN_FRAMES)).isTrue();
  }

  private static Optional<Debt> owed(long inFront) {
    return Optional.of(new Debt(100, inFront, true));
  }

  @Test
  void givesTimeForTheMessagesThatStandBeforeThePingButNotForEver() {
    assertThat(watchdog.silent(134, owed(5), ALWAYS, 129, BETWEEN_FRAMES)).isFalse();
    assertThat(watchdog.silent(135, owed(5), ALWAYS, 129, BETWEEN_FRAMES)).isTrue();
    assertThat(watchdog.silent(189, owed(1_000_000), ALWAYS, 129, BETWEEN_FRAMES)).isFalse();
    assertThat(watchdog.silent(190, owed(1_000_000), ALWAYS, 129, BETWEEN_FRAMES)).isTrue();
  }

  @Test
  void giveNobodyUpWhoOwesNothing() {
    assertThat(watchdog.silent(999, Optional.empty(), ALWAYS, 0, BETWEEN_FRAMES)).isFalse();
  }

  @Test
  void doesNotCountTheTimeInWhichTheBridgeDoesNotRead() {
    Optional<Debt> owed = owed(0);
    assertThat(watchdog.silent(999, owed, OptionalLong.empty(), 0, BETWEEN_FRAMES)).isFalse();
    OptionalLong resumed = OptionalLong.of(1_000);
    assertThat(watchdog.silent(1_029, owed, resumed, 0, BETWEEN_FRAMES)).isFalse();
    assertThat(watchdog.silent(1_030, owed, resumed, 0, BETWEEN_FRAMES)).isTrue();
  }

  @Test
  void waitsForTheEndOfAFrameThatIsStillComing() {
    Optional<Debt> owed = owed(0);
    assertThat(watchdog.silent(130, owed, ALWAYS, 125, new Progress(5, true))).isFalse();
    assertThat(watchdog.silent(200, owed, ALWAYS, 190, new Progress(5, true))).isFalse();
    assertThat(watchdog.silent(210, owed, ALWAYS, 205, new Progress(6, true)))
        .as("the pong could have come after that frame")
        .isTrue();
  }

  @Test
  void doesNotWaitForAFrameThatHasStoppedComing() {
    assertThat(watchdog.silent(200, owed(0), ALWAYS, 170, new Progress(5, true))).isTrue();
  }

  @Nested
  class ARateOfFrames {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Watchdog watchdog = new Watchdog(PEER, Duration.ofSeconds(30));
    private long now = Duration.ofHours(1).toNanos();
    private OptionalLong reading = OptionalLong.of(now);
    private long bytes;

    private boolean tooSlow(long frames, boolean insideFrame) {
      return watchdog.slow(now, reading, new Progress(frames, insideFrame), bytes);
    }

    /** How many seconds a frame may go on at so many bytes in each of them; 0: for an hour. */
    private int secondsUntilGivenUp(int bytesPerSecond) {
      assertThat(tooSlow(1, true)).isFalse();
      for (int second = 1; second <= 3_600; second++) {
        now += SECOND;
        bytes += bytesPerSecond;
        if (tooSlow(1, true)) {
          return second;
        }
      }
      return 0;
    }

    @Test
    void givesUpAFrameThatComesTooSlowlyOrNotAtAll() {
      assertThat(secondsUntilGivenUp(0)).isEqualTo(30);
      assertThat(secondsUntilGivenUp(499)).isEqualTo(30);
      assertThat(secondsUntilGivenUp(500)).isZero();
    }

    @Test
    void givesUpAFrameThatBecomesTooSlow() {
      assertThat(tooSlow(1, true)).isFalse();
      now += 30 * SECOND;
      bytes += 1_000_000;
      assertThat(tooSlow(1, true)).isFalse();
      assertThat(secondsUntilGivenUp(1)).isEqualTo(30);
    }

    @Test
    void startsAgainWithEachFrameAndDoesNotCountBetweenThem() {
      for (int frames = 0; frames < 100; frames++) {
        assertThat(tooSlow(frames, true)).isFalse();
        now += 29 * SECOND;
        bytes += 2;
      }
      assertThat(tooSlow(100, false)).isFalse();
      now += 3_600 * SECOND;
      assertThat(tooSlow(100, false)).isFalse();
      assertThat(tooSlow(100, true)).isFalse();
    }

    @Test
    void doesNotCountWhileTheBridgeItselfDoesNotRead() {
      assertThat(tooSlow(1, true)).isFalse();
      now += 29 * SECOND;
      reading = OptionalLong.empty();
      assertThat(tooSlow(1, true)).isFalse();
      now += 3_600 * SECOND;
      assertThat(tooSlow(1, true)).isFalse();
      reading = OptionalLong.of(now);
      assertThat(secondsUntilGivenUp(1)).isEqualTo(30);

      // It paused and went on between two looks.
      now += 29 * SECOND;
      reading = OptionalLong.of(now - SECOND);
      assertThat(secondsUntilGivenUp(1)).isEqualTo(30);
    }
  }
}
