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
    from.pingWritten();
    return ping.getPayload();
  }

  /** A single message, whose sender writes the ping that is due behind it. */
  private static byte[] message(ReceiptPings to) {
    assertThat(to.messageWritten()).isEmpty();
    byte[] payload = to.rowEnded().orElseThrow();
    to.pingWritten();
    return payload;
  }

  private static void row(ReceiptPings to, int messages) {
    for (int n = 0; n < messages; n++) {
      assertThat(to.messageWritten()).isEmpty();
      assertThat(to.rowEnded()).isEmpty();
    }
  }

  private static byte[] payload(long tag, long number) {
    return ByteBuffer.allocate(16).putLong(tag).putLong(number).array();
  }

  @Test
  void numbersAPingByWhatWasWrittenWhenItIsWrittenItselfNotWhenItWasQueued() {
    byte[] first = message(pings);
    row(pings, 1);
    assertThat(pings.pong(first)).isEqualTo(OptionalLong.of(1));
    row(pings, 2);

    byte[] payload = write(pings);

    assertThat(payload).isEqualTo(payload(TAG, 4));
    assertThat(pings.pong(payload)).isEqualTo(OptionalLong.of(4));
  }

  @Test
  void hasOnePingInFlightAndSendsTheNextWhenItIsAnsweredAndThereIsMoreToProve() {
    byte[] first = message(pings);
    row(pings, 500);
    assertThat(queued).isEmpty();

    assertThat(pings.pong(first)).isEqualTo(OptionalLong.of(1));
    assertThat(pings.pong(write(pings))).isEqualTo(OptionalLong.of(501));
    assertThat(queued).isEmpty();
    assertThat(pings.rowEnded()).as("nothing new to prove").isEmpty();
  }

  @Test
  void takesAnAnswerThatOvertakesTheNewsThatItsPingWasWritten() {
    assertThat(pings.messageWritten()).isEmpty();
    byte[] payload = pings.rowEnded().orElseThrow();

    assertThat(pings.pong(payload)).isEqualTo(OptionalLong.of(1));
    pings.pingWritten();

    assertThat(pings.unansweredSince(now)).isEmpty();
    assertThat(pings.pong(message(pings))).isEqualTo(OptionalLong.of(2));
  }

  @Test
  void takesNoPongForAnAnswerThatWasNotAskedFor() {
    byte[] unwritten = payload(TAG, 0);
    assertThat(pings.pong(unwritten)).as("before any ping").isEmpty();
    assertThat(pings.messageWritten()).isEmpty();
    pings.wake();
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
      assertThat(pings.messageWritten()).isEmpty();
    }
    assertThat(pings.messageWritten()).hasValue(payload(TAG, 64));
    assertThat(pings.messageWritten()).as("one is in flight").isEmpty();
    assertThat(queued).isEmpty();
  }

  @Test
  void keepsTheLeastTimeBetweenTwoPings() {
    ReceiptPings slow = pings(true, Duration.ofMillis(50), Duration.ZERO);
    assertThat(slow.pong(message(slow))).isEqualTo(OptionalLong.of(1));

    now += Duration.ofMillis(20).toNanos();
    row(slow, 2);
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
    row(idle, 1);
    assertThat(queued).isEmpty();
    now += Duration.ofSeconds(10).toNanos();
    idle.tick();
    assertThat(idle.pong(write(idle))).isEmpty();
  }

  @Test
  void knowsSinceWhenAnAnswerIsOwed() {
    assertThat(pings.unansweredSince(now)).isEmpty();
    assertThat(pings.messageWritten()).isEmpty();
    pings.wake();
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
