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

  private final MessageLog log = new MessageLog(7);

  @Test
  void numbersMessagesFromOneAndTimesThemFromTheirIntendedSending() {
    TestMessage first = log.send(1_000 * MILLI, NOW);
    TestMessage second = log.send(2_000 * MILLI, NOW.plusSeconds(1));

    assertThat(first.body()).isEqualTo("Test msg #1 (7.2030)");
    assertThat(second.body()).isEqualTo("Test msg #2 (7.2031)");
    assertThat(log.received(second.bytes(), 2_005 * MILLI))
        .isEqualTo(new Receipt.Returned(second, Duration.ofMillis(5)));
    assertThat(log.received(first.bytes(), 2_006 * MILLI))
        .isEqualTo(new Receipt.Returned(first, Duration.ofMillis(1_006)));
  }

  @Test
  void countsEachMessageOnceHoweverOftenItComes() {
    TestMessage message = log.send(0, NOW);

    log.received(message.bytes(), MILLI);
    Receipt again = log.received(message.bytes(), 2 * MILLI);

    assertThat(again).isEqualTo(new Receipt.Duplicate(message, Duration.ofMillis(2)));
    Summary summary = log.summary();
    assertThat(summary.returned()).isEqualTo(1);
    assertThat(summary.duplicated()).isEqualTo(1);
    assertThat(summary.lost()).isZero();
    assertThat(summary.max()).isBetween(Duration.ofMillis(1), Duration.ofNanos(1_001_000));
  }

  @Test
  void takesForForeignWhatItDidNotSend() {
    log.send(0, NOW);

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
    TestMessage returned = log.send(0, NOW);
    TestMessage refused = log.send(0, NOW);
    log.send(0, NOW);
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
    TestMessage message = log.send(0, NOW);
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
      sent[i] = log.send(i * MILLI, NOW);
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
    assertThat(summary.p50().toMillis()).isEqualTo(6);
    assertThat(summary.p99().toMillis()).isEqualTo(10);
  }

  @Test
  void sumsUpInOneLine() {
    TestMessage first = log.send(0, NOW);
    log.send(0, NOW);
    log.received(first.bytes(), MILLI + 234_000);
    log.received(first.bytes(), 2 * MILLI);
    log.received(new byte[] {-1}, 2 * MILLI);

    assertThat(log.summary().line())
        .isEqualTo(
            "Sent 2, received 1, lost 1, duplicated 1, foreign 1;"
                + " round trip p50 1.234 ms, p99 1.234 ms, max 1.234 ms");
  }

  @Test
  void sumsUpWithoutTimesWhenNothingCameBack() {
    assertThat(log.summary().line())
        .isEqualTo("Sent 0, received 0, lost 0, duplicated 0, foreign 0");
  }
}
