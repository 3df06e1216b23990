package org.messagebusbridge.tester;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MessageLogTest {

  private static final LocalTime NOW = LocalTime.of(10, 20, 30);
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final MessageLog log = new MessageLog(7, Payload.TEXT, Duration.ofSeconds(1));

  @Test
  void numbersMessagesFromOneAndTimesThemFromTheirIntendedSending() {
    TestMessage first = log.send(1_000 * MILLI, 1_000 * MILLI, NOW);
    TestMessage second = log.send(2_000 * MILLI, 2_000 * MILLI, NOW.plusSeconds(1));

    assertThat(first.body()).isEqualTo("Test msg #1 (7.2030)");
    assertThat(second.body()).isEqualTo("Test msg #2 (7.2031)");
    assertThat(log.received(second.bytes(), 2_005 * MILLI))
        .isEqualTo(new Receipt.Returned(second, Duration.ofMillis(5)));
    assertThat(log.received(first.bytes(), 2_006 * MILLI))
        .isEqualTo(new Receipt.Returned(first, Duration.ofMillis(1_006)));
  }

  @Test
  void countsTheTimeThatTheSenderIsBehindItsSchedule() {
    TestMessage message = log.send(1_000 * MILLI, 1_250 * MILLI, NOW);

    assertThat(log.received(message.bytes(), 1_255 * MILLI))
        .isEqualTo(new Receipt.Returned(message, Duration.ofMillis(255)));
    assertThat(log.summary().roundTrips().max().toMillis()).isEqualTo(255);
    assertThat(log.account(1, 0).sent()).isEqualTo(1_250 * MILLI);
  }

  @Test
  void countsEachMessageOnceHoweverOftenItComes() {
    TestMessage message = log.send(0, 0, NOW);

    log.received(message.bytes(), MILLI);
    Receipt again = log.received(message.bytes(), 2 * MILLI);

    assertThat(again).isEqualTo(new Receipt.Duplicate(message, Duration.ofMillis(2)));
    Summary summary = log.summary();
    assertThat(summary.returned()).isEqualTo(1);
    assertThat(summary.duplicated()).isEqualTo(1);
    assertThat(summary.lost()).isZero();
    assertThat(summary.roundTrips().max())
        .isBetween(Duration.ofMillis(1), Duration.ofNanos(1_001_000));
  }

  @Test
  void takesForForeignWhatItDidNotSend() {
    log.send(0, 0, NOW);

    for (String body :
        new String[] {
          "hello",
          "",
          "Test msg #1 (8.2030)", // another process
          "Test msg #1 (7.2031)", // this process id, another run
          "Test msg #2 (7.2030)", // not sent yet
        }) {
      assertThat(log.received(body.getBytes(UTF_8), MILLI))
          .as(body)
          .isEqualTo(new Receipt.Foreign());
    }

    assertThat(log.summary().foreign()).isEqualTo(5);
    assertThat(log.summary().returned()).isZero();
    assertThat(log.pending()).isEqualTo(1);
  }

  @Test
  void waitsNeitherForWhatCameBackNorForWhatTheBrokerRefused() {
    TestMessage returned = log.send(0, 0, NOW);
    TestMessage refused = log.send(0, 0, NOW);
    log.send(0, 0, NOW);
    assertThat(log.pending()).isEqualTo(3);

    log.received(returned.bytes(), MILLI);
    log.refused(refused);
    log.refused(refused);

    assertThat(log.pending()).isEqualTo(1);
    assertThat(log.summary().refused()).isEqualTo(1);
    assertThat(log.summary().lost()).isEqualTo(2);
  }

  @Test
  void believesAMessageThatComesBackMoreThanARefusal() {
    TestMessage message = log.send(0, 0, NOW);
    log.refused(message);

    log.received(message.bytes(), MILLI);
    log.refused(message);

    assertThat(log.summary().refused()).isZero();
    assertThat(log.summary().lost()).isZero();
    assertThat(log.pending()).isZero();
  }

  @Test
  void accountsForAHundredThousandMessagesOfWhichEveryTenthIsLost() {
    TestMessage[] sent = new TestMessage[100_000];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = log.send(i * MILLI, i * MILLI, NOW);
    }

    for (int i = sent.length - 1; i >= 0; i--) {
      if (i % 10 != 0) {
        log.received(sent[i].bytes(), i * MILLI + (1 + i % 10) * MILLI);
      }
    }

    Summary summary = log.summary();
    assertThat(summary.sent()).isEqualTo(100_000);
    assertThat(summary.returned()).isEqualTo(90_000);
    assertThat(summary.lost()).isEqualTo(10_000);
    assertThat(log.pending()).isEqualTo(10_000);
    assertThat(summary.roundTrips().p50().toMillis()).isEqualTo(6);
    assertThat(summary.roundTrips().p99().toMillis()).isEqualTo(10);
  }

  @Test
  void sumsUpInOneLine() {
    TestMessage first = log.send(0, 0, NOW);
    log.send(0, 0, NOW);
    log.received(first.bytes(), MILLI + 234_000);
    log.received(first.bytes(), 2 * MILLI);
    log.received(new byte[] {-1}, 2 * MILLI);

    assertThat(log.summary().line())
        .isEqualTo(
            "Sent 2, received 1, lost 1, duplicated 1, foreign 1, out of order 0;"
                + " round trip p50 1.234 ms, p99 1.234 ms, max 1.234 ms");
  }

  @Test
  void sumsUpWithoutTimesWhenNothingCameBack() {
    assertThat(log.summary().line())
        .isEqualTo("Sent 0, received 0, lost 0, duplicated 0, foreign 0, out of order 0");
  }

  @Test
  void countsWhatComesAfterAMessageThatWasSentLater() {
    TestMessage first = log.send(0, 0, NOW);
    TestMessage second = log.send(0, 0, NOW);
    TestMessage third = log.send(0, 0, NOW);
    TestMessage fourth = log.send(0, 0, NOW);

    for (TestMessage message : new TestMessage[] {third, first, fourth, second, first}) {
      log.received(message.bytes(), MILLI);
    }

    // #1 and #2 are behind; #1 once more is a duplicate alone
    assertThat(log.summary().outOfOrder()).isEqualTo(2);
    assertThat(log.summary().duplicated()).isEqualTo(1);
  }

  @Test
  void knowsLateFromOverdueAndFromInTime() {
    TestMessage inTime = log.send(0, 0, NOW);
    TestMessage late = log.send(0, 0, NOW);
    log.send(0, 0, NOW);
    log.received(inTime.bytes(), 1_000 * MILLI);
    log.received(late.bytes(), 1_000 * MILLI + 1);

    assertThat(log.summary().late()).isEqualTo(1);
    assertThat(log.state(1, 1_001 * MILLI)).isEqualTo(MessageState.BACK);
    assertThat(log.state(2, 1_001 * MILLI)).isEqualTo(MessageState.LATE);
    assertThat(log.state(3, 1_000 * MILLI)).isEqualTo(MessageState.OUT);
    assertThat(log.state(3, 1_001 * MILLI)).isEqualTo(MessageState.OVERDUE);
  }

  @Test
  void countsWhatComesBackWithAnotherBodyAsDamagedUntilItComesBackWhole() {
    MessageLog large = new MessageLog(7, Payload.of(100, 100, false), Duration.ofSeconds(1));
    TestMessage message = large.send(0, 0, NOW);
    byte[] whole = Payload.of(100, 100, false).body(message);
    byte[] changed = whole.clone();
    changed[99]++;

    assertThat(large.received(changed, MILLI)).isEqualTo(new Receipt.Damaged(message));
    assertThat(large.received(message.bytes(), MILLI)).isEqualTo(new Receipt.Damaged(message));
    assertThat(large.pending()).isZero();
    assertThat(large.summary().damaged()).isEqualTo(1);
    assertThat(large.summary().lost()).isEqualTo(1);

    large.received(whole, 2 * MILLI);

    assertThat(large.summary().damaged()).isZero();
    assertThat(large.summary().lost()).isZero();
  }

  @Test
  void countsATimeBelowZeroAsASetBackAndDropsNothing() {
    TestMessage message = log.send(10 * MILLI, 10 * MILLI, NOW);

    assertThat(log.received(message.bytes(), 9 * MILLI))
        .isEqualTo(new Receipt.Returned(message, Duration.ZERO));

    assertThat(log.summary().clockStepsBack()).isEqualTo(1);
    assertThat(log.summary().returned()).isEqualTo(1);
  }

  @Test
  void tellsTheRatesOfSendingAndOfComingBack() {
    for (int i = 0; i < 11; i++) {
      long at = 100L * i * MILLI;
      TestMessage message = log.send(at, at, NOW);
      log.received(message.bytes(), at + 100 * MILLI);
    }

    assertThat(log.summary().rates()).contains("Sent 10.0 a second, received 10.0 a second");
  }
}
