package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.neovisionaries.ws.client.WebSocketFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReceiptPingsTest {
  private static final long TAG = 0x1234_5678_9ABC_DEF0L;

  private final Deque<WebSocketFrame> queued = new ArrayDeque<>();
  private final List<Long> alarms = new ArrayList<>();
  private long now = Duration.ofHours(1).toNanos();

  private ReceiptPings pings(boolean receipts, Duration receiptInterval, Duration idleInterval) {
    return new ReceiptPings(
        new ReceiptPings.Pace(receipts, receiptInterval, idleInterval),
        TAG,
        () -> now,
        queued::add,
        alarms::add);
  }

  private final ReceiptPings pings = pings(true, Duration.ZERO, Duration.ofSeconds(10));

  /** The library's writing thread takes the ping that waits. */
  private byte[] write(ReceiptPings from) {
    WebSocketFrame ping = queued.remove();
    from.writing(ping);
    return ping.getPayload();
  }

  private static byte[] payload(long tag, long number) {
    return ByteBuffer.allocate(16).putLong(tag).putLong(number).array();
  }

  @Test
  void numbersAPingByWhatWasWrittenWhenItIsWrittenItselfNotWhenItWasQueued() {
    pings.messageWritten(false);
    pings.messageWritten(true);
    pings.messageWritten(true);

    byte[] payload = write(pings);

    assertThat(payload).isEqualTo(payload(TAG, 3));
    assertThat(pings.pong(payload)).isEqualTo(OptionalLong.of(3));
  }

  @Test
  void hasOnePingInFlightAndSendsTheNextWhenItIsAnsweredAndThereIsMoreToProve() {
    pings.messageWritten(false);
    byte[] first = write(pings);
    for (int n = 0; n < 500; n++) {
      pings.messageWritten(false);
    }
    assertThat(queued).isEmpty();

    assertThat(pings.pong(first)).isEqualTo(OptionalLong.of(1));
    assertThat(pings.pong(write(pings))).isEqualTo(OptionalLong.of(501));
    assertThat(queued).isEmpty();
  }

  @Test
  void takesNoPongForAnAnswerThatWasNotAskedFor() {
    pings.messageWritten(false);
    byte[] unwritten = payload(TAG, 0);
    assertThat(pings.pong(unwritten)).as("before the ping was written").isEmpty();
    byte[] payload = write(pings);

    assertThat(pings.pong(null)).isEmpty();
    assertThat(pings.pong(new byte[0])).isEmpty();
    assertThat(pings.pong(payload(TAG + 1, 1))).as("another tag").isEmpty();
    assertThat(pings.pong(payload(TAG, 2))).as("a number that was never sent").isEmpty();
    assertThat(pings.pong(payload)).isEqualTo(OptionalLong.of(1));
    assertThat(pings.pong(payload)).as("the same again").isEmpty();
  }

  @Test
  void waitsForTheLastOfARowOfMessagesButNotBeyondSixtyFour() {
    for (int n = 1; n < 64; n++) {
      pings.messageWritten(true);
    }
    assertThat(queued).isEmpty();
    pings.messageWritten(true);
    assertThat(write(pings)).isEqualTo(payload(TAG, 64));
  }

  @Test
  void keepsTheLeastTimeBetweenTwoPings() {
    ReceiptPings slow = pings(true, Duration.ofMillis(50), Duration.ZERO);
    slow.messageWritten(false);
    assertThat(slow.pong(write(slow))).isEqualTo(OptionalLong.of(1));

    now += Duration.ofMillis(20).toNanos();
    slow.messageWritten(false);
    slow.messageWritten(false);
    assertThat(queued).isEmpty();
    assertThat(alarms).containsExactly(Duration.ofMillis(30).toNanos());

    now += Duration.ofMillis(30).toNanos();
    slow.wake();
    assertThat(slow.pong(write(slow))).isEqualTo(OptionalLong.of(3));
  }

  @Test
  void pingsAnIdleConnectionAsASignOfLife() {
    now += Duration.ofMillis(9_999).toNanos();
    pings.tick();
    assertThat(queued).isEmpty();
    now += Duration.ofMillis(1).toNanos();
    pings.tick();
    pings.tick();

    assertThat(queued).hasSize(1);
    assertThat(pings.pong(write(pings))).as("it proves nothing new").isEmpty();
  }

  @Test
  void provesNothingWhenAFlushIsProofEnough() {
    ReceiptPings idle = pings(false, Duration.ZERO, Duration.ofSeconds(10));
    idle.messageWritten(false);
    assertThat(queued).isEmpty();
    now += Duration.ofSeconds(10).toNanos();
    idle.tick();
    assertThat(idle.pong(write(idle))).isEmpty();
  }

  @Test
  void knowsSinceWhenAnAnswerIsOwed() {
    assertThat(pings.unansweredSince(now)).isEmpty();
    pings.messageWritten(false);
    long asked = now;
    assertThat(pings.unansweredSince(asked - 5)).isEqualTo(OptionalLong.of(asked));
    assertThat(pings.unansweredSince(asked + 5)).isEqualTo(OptionalLong.of(asked + 5));
    now += 100;
    byte[] payload = write(pings);
    assertThat(pings.unansweredSince(now + 50)).isEqualTo(OptionalLong.of(now));
    pings.pong(payload);
    assertThat(pings.unansweredSince(now)).isEmpty();
  }
}
