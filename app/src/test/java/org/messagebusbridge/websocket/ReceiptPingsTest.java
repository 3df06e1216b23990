package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.websocket.ReceiptPings.Debt;
import org.messagebusbridge.websocket.ReceiptPings.Proof;
import org.messagebusbridge.websocket.WebSocketConfig.PongMatch;

class ReceiptPingsTest {
  private static final long TAG = 0x1234_5678_9ABC_DEF0L;
  private static final byte[] EMPTY = {};

  private final List<Long> alarms = new ArrayList<>();
  private int wanted;
  private long now = Duration.ofHours(1).toNanos();

  private ReceiptPings pings(
      boolean receipts, Duration receiptInterval, Duration idleInterval, PongMatch match) {
    return new ReceiptPings(
        new ReceiptPings.Pace(receipts, receiptInterval, idleInterval),
        match,
        TAG,
        () -> now,
        () -> wanted++,
        (task, nanos) -> alarms.add(nanos));
  }

  private final ReceiptPings pings =
      pings(true, Duration.ZERO, Duration.ofSeconds(10), PongMatch.AUTO);

  /** Whoever writes next writes the ping that is wanted. */
  private byte[] write(ReceiptPings from) {
    assertThat(wanted).isOne();
    assertThat(from.isWanted()).isTrue();
    wanted = 0;
    byte[] payload = from.next();
    assertThat(from.isWanted()).isFalse();
    return payload;
  }

  /** A single message, whose sender writes the ping that is due behind it. */
  private static byte[] message(ReceiptPings to) {
    assertThat(to.messageWritten()).isFalse();
    assertThat(to.rowEnded()).isTrue();
    return to.next();
  }

  private static void row(ReceiptPings to, int messages) {
    for (int n = 0; n < messages; n++) {
      assertThat(to.messageWritten()).isFalse();
      assertThat(to.rowEnded()).isFalse();
    }
  }

  /** As after the connection's first ping. */
  private ReceiptPings answered(ReceiptPings first) {
    first.probe();
    assertThat(first.pong(write(first))).contains(new Proof(0, false));
    return first;
  }

  private static byte[] payload(long tag, long number) {
    return ByteBuffer.allocate(16).putLong(tag).putLong(number).array();
  }

  private static Optional<Proof> proves(long messages) {
    return Optional.of(new Proof(messages, false));
  }

  @Test
  void aPingProvesWhatWasWrittenBeforeItNotWhatWasWrittenWhenItWasWanted() {
    answered(pings);
    byte[] first = message(pings);
    row(pings, 1);
    assertThat(pings.pong(first)).isEqualTo(proves(1));
    row(pings, 2);

    assertThat(pings.pong(write(pings))).isEqualTo(proves(4));
  }

  @Test
  void severalPingsAreInFlightOneEverySixtyFourMessages() {
    answered(pings);
    byte[] first = message(pings);
    List<byte[]> next = new ArrayList<>();
    for (int n = 2; n <= 500; n++) {
      if (pings.messageWritten()) {
        next.add(pings.next());
      }
      assertThat(pings.rowEnded()).isFalse();
    }
    assertThat(next).hasSize(7);
    assertThat(pings.pong(first)).isEqualTo(proves(1));
    assertThat(pings.pong(next.get(0))).isEqualTo(proves(65));
    assertThat(wanted).as("others are in flight").isZero();
    assertThat(pings.pong(next.get(6))).as("and those before it").isEqualTo(proves(449));
    assertThat(pings.pong(next.get(3))).as("late").isEmpty();
    assertThat(pings.pong(write(pings))).as("what no ping followed").isEqualTo(proves(500));
    assertThat(wanted).isZero();
    assertThat(pings.rowEnded()).as("nothing new to prove").isFalse();
  }

  @Test
  void takesNoPongForAnAnswerThatWasNotAskedFor() {
    assertThat(pings.pong(payload(TAG, 1))).as("before any ping").isEmpty();
    answered(pings);
    byte[] payload = message(pings);

    assertThat(pings.pong(null)).isEmpty();
    assertThat(pings.pong(EMPTY)).isEmpty();
    assertThat(pings.pong(payload(TAG + 1, 2))).as("another tag").isEmpty();
    assertThat(pings.pong(payload(TAG, 3))).as("a number that was never sent").isEmpty();
    assertThat(pings.pong(payload)).isEqualTo(proves(1));
    assertThat(pings.pong(payload)).as("the same again").isEmpty();
  }

  @Test
  void matchesPongsByTheirOrderWhenThreePingsWereAnsweredWithOtherPayloads() {
    pings.probe();
    write(pings);
    assertThat(pings.pong(EMPTY)).isEmpty();
    write(pings);
    assertThat(pings.pong(new byte[] {1})).isEmpty();
    assertThat(pings.debt(now).isPresent()).isTrue();
    write(pings);
    assertThat(pings.pong(null)).contains(new Proof(0, true));
    assertThat(pings.pong(EMPTY)).as("nothing was asked").isEmpty();

    message(pings);
    for (int n = 0; n < 99; n++) {
      assertThat(pings.messageWritten()).as("one in flight").isFalse();
    }
    assertThat(pings.pong(EMPTY)).isEqualTo(proves(1));
    write(pings);
    assertThat(pings.pong(EMPTY)).isEqualTo(proves(100));
  }

  @Test
  void thePayloadCountsFromTheFirstPongOnThatHasIt() {
    pings.probe();
    byte[] first = write(pings);
    assertThat(pings.pong(EMPTY)).as("a heartbeat of its own").isEmpty();
    byte[] second = write(pings);
    assertThat(pings.pong(first)).as("its ping is no longer waited for").isEmpty();
    assertThat(pings.pong(second)).contains(new Proof(0, false));
    message(pings);
    assertThat(pings.pong(EMPTY)).isEmpty();
  }

  @Test
  void exactTakesNothingButThePayload() {
    ReceiptPings exact = pings(true, Duration.ZERO, Duration.ofSeconds(10), PongMatch.EXACT);
    exact.probe();
    write(exact);
    for (int n = 0; n < 10; n++) {
      assertThat(exact.pong(EMPTY)).isEmpty();
    }
    assertThat(wanted).isZero();
    assertThat(exact.debt(now).orElseThrow().everAnswered()).isFalse();
  }

  @Test
  void keepsTheLeastTimeBetweenTwoPings() {
    ReceiptPings slow = pings(true, Duration.ofMillis(50), Duration.ZERO, PongMatch.EXACT);
    assertThat(slow.pong(message(slow))).isEqualTo(proves(1));

    now += Duration.ofMillis(20).toNanos();
    row(slow, 2);
    assertThat(wanted).isZero();
    assertThat(alarms).containsExactly(Duration.ofMillis(30).toNanos());

    now += Duration.ofMillis(30).toNanos();
    slow.wake();
    assertThat(slow.pong(write(slow))).isEqualTo(proves(3));
  }

  @Test
  void pingsAnIdleConnectionAsASignOfLife() {
    now += Duration.ofMillis(9_999).toNanos();
    pings.tick();
    assertThat(wanted).isZero();
    now += Duration.ofSeconds(10).toNanos();
    pings.tick();
    pings.tick();

    assertThat(pings.pong(write(pings))).as("it proves nothing new").isEqualTo(proves(0));
  }

  @Test
  void provesNothingWhenAFlushIsProofEnough() {
    ReceiptPings idle = pings(false, Duration.ZERO, Duration.ofSeconds(10), PongMatch.AUTO);
    row(idle, 1);
    assertThat(wanted).isZero();
    now += Duration.ofSeconds(10).toNanos();
    idle.tick();
    assertThat(idle.pong(write(idle))).isEqualTo(proves(0));
  }

  @Test
  void knowsSinceWhenAnAnswerIsOwedAndWhatStandsBeforeIt() {
    assertThat(pings.debt(now)).isEmpty();
    pings.probe();
    assertThat(pings.debt(now - 5)).contains(new Debt(now, 0, false));
    assertThat(pings.debt(now + 5))
        .as("something is still written")
        .contains(new Debt(now + 5, 0, false));
    now += 100;
    byte[] first = write(pings);
    assertThat(pings.debt(now + 50)).contains(new Debt(now, 0, false));
    pings.pong(first);
    assertThat(pings.debt(now)).isEmpty();

    now += 100;
    byte[] second = message(pings);
    long asked = now;
    for (int n = 0; n < 64; n++) {
      if (pings.messageWritten()) {
        pings.next();
      }
    }
    now += 100;
    assertThat(pings.debt(now)).contains(new Debt(asked, 1, true));
    pings.pong(second);
    assertThat(pings.debt(now)).as("it has answered since").contains(new Debt(now, 64, true));
  }
}
