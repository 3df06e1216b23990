package org.messagebusbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final long MILLI = 1_000_000;

  private final Outbox outbox = new Outbox(3, Duration.ofMillis(5), Duration.ofSeconds(5));

  private List<Long> takeAll() {
    List<Long> taken = new ArrayList<>();
    for (OptionalLong next = outbox.take(); next.isPresent(); next = outbox.take()) {
      taken.add(next.getAsLong());
    }
    return taken;
  }

  @Test
  void givesWhatIsDueUpToTheWindowAndGoesOnWithTheReceipts() {
    assertThat(takeAll()).isEmpty();
    outbox.limit(2);
    assertThat(takeAll()).containsExactly(1L, 2L);
    outbox.limit(9);
    assertThat(takeAll()).containsExactly(3L);
    assertThat(outbox.takePing(0)).hasValue(3);

    assertThat(outbox.pong(3, MILLI)).isTrue();

    assertThat(takeAll()).containsExactly(4L, 5L, 6L);
    assertThat(outbox.receipted()).isEqualTo(3);
    assertThat(outbox.everWritten()).isEqualTo(6);
    assertThat(outbox.resent()).isZero();
  }

  @Test
  void hasOnePingOnItsWayAndLeavesTimeBetweenTwo() {
    assertThat(outbox.takePing(0)).isEmpty();
    outbox.limit(9);
    outbox.take();
    assertThat(outbox.takePing(0)).hasValue(1);
    outbox.take();
    assertThat(outbox.takePing(9 * MILLI)).isEmpty();
    outbox.pong(1, 9 * MILLI);
    assertThat(outbox.takePing(9 * MILLI)).hasValue(2);
    outbox.pong(2, 10 * MILLI);
    outbox.take();
    assertThat(outbox.takePing(14 * MILLI - 1)).isEmpty();
    assertThat(outbox.takePing(14 * MILLI)).hasValue(3);
  }

  @Test
  void takesNoPongForAReceiptThatWasNotAskedForOrCameTooLate() {
    outbox.limit(9);
    takeAll();
    assertThat(outbox.pong(3, 0)).isFalse();
    assertThat(outbox.takePing(0)).hasValue(3);
    assertThat(outbox.pong(2, MILLI)).isFalse();
    assertThat(outbox.pong(3, 5_000 * MILLI)).isFalse();
    assertThat(outbox.receipted()).isZero();

    assertThat(outbox.takePing(5_000 * MILLI)).hasValue(3);
    assertThat(outbox.pong(3, 9_999 * MILLI)).isTrue();
    assertThat(outbox.receipted()).isEqualTo(3);
  }

  @Test
  void beginsAgainAfterTheLastReceiptAndTrustsNoPingOfBefore() {
    outbox.limit(9);
    outbox.take();
    outbox.takePing(0);
    outbox.pong(1, MILLI);
    assertThat(takeAll()).containsExactly(2L, 3L, 4L);
    assertThat(outbox.takePing(6 * MILLI)).hasValue(4);
    assertThat(outbox.awaitsPongSince(6 * MILLI)).isTrue();

    outbox.restart();

    assertThat(outbox.awaitsPongSince(6 * MILLI)).isFalse();
    assertThat(outbox.pong(4, 7 * MILLI)).isFalse();
    assertThat(takeAll()).containsExactly(2L, 3L, 4L);
    assertThat(outbox.resent()).isEqualTo(3);
    assertThat(outbox.takePing(7 * MILLI)).hasValue(4);
  }

  @Test
  void hasAWindow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Outbox(0, Duration.ZERO, Duration.ZERO))
        .withMessage("a window holds 1 message at least, not 0");
  }
}
