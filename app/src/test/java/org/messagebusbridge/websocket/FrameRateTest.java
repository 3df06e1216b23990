package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FrameRateTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final FrameRate rate = new FrameRate(Duration.ofSeconds(30));
  private long now = Duration.ofHours(1).toNanos();
  private OptionalLong reading = OptionalLong.of(now);
  private long bytes;

  private boolean tooSlow(long frames, boolean insideFrame) {
    return rate.tooSlow(now, reading, new FrameGuard.Progress(frames, insideFrame), bytes);
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
