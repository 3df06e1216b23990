package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class WireWindowTest {
  private static final long MILLISECOND = 1_000_000;

  private final WireWindow window = new WireWindow();
  private long now = 5;

  /** How many are on the wire at last when a peer takes so long for each, one after the other. */
  private int settlesAt(long nanosForEach, long latencyNanos, int messages) {
    Deque<Long> sentAt = new ArrayDeque<>();
    long freeAt = now;
    int most = 0;
    for (int done = 0; done < messages; done++) {
      while (window.hasRoom(sentAt.size()) && sentAt.size() < 500) {
        sentAt.add(now);
      }
      most = done > messages / 2 ? Math.max(most, sentAt.size()) : 0;
      long sent = sentAt.remove();
      freeAt = Math.max(freeAt, sent + latencyNanos) + nanosForEach;
      now = Math.max(now, freeAt);
      window.confirmed(sent, now);
    }
    return most;
  }

  @Test
  void beginsWithOne() {
    assertThat(window.hasRoom(0)).isTrue();
    assertThat(window.hasRoom(1)).isFalse();
  }

  @Test
  void aSlowPeerHasAboutASecondOfWorkOnTheWire() {
    assertThat(settlesAt(100 * MILLISECOND, 0, 300)).isBetween(4, 16);
  }

  @Test
  void aVerySlowPeerHasOne() {
    assertThat(settlesAt(3_000 * MILLISECOND, 0, 50)).isOne();
  }

  @Test
  void aFastPeerIsNotHeldUp() {
    assertThat(settlesAt(MILLISECOND / 100, MILLISECOND, 20_000)).isEqualTo(500);
  }

  @Test
  void aFastPeerThatIsFarAwayIsNotHeldUpEither() {
    assertThat(settlesAt(MILLISECOND / 10, 200 * MILLISECOND, 20_000)).isEqualTo(500);
  }

  @Test
  void aPeerThatBecomesSlowHasLessAndLess() {
    settlesAt(MILLISECOND / 100, 0, 20_000);
    assertThat(settlesAt(100 * MILLISECOND, 0, 2_000)).isBetween(4, 16);
  }

  @Test
  void aNewConnectionBeginsWithOneAgain() {
    settlesAt(MILLISECOND, 0, 1_000);
    window.reset();
    assertThat(window.hasRoom(1)).isFalse();
  }
}
