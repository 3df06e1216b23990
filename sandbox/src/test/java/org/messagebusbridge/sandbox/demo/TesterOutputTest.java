package org.messagebusbridge.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TesterOutputTest {

  @Test
  void saysWhatCameBackAndHowFast() {
    assertThat(
            TesterOutput.parse("Turnaround time for 'Test msg #12 (4711.0509)': 01:02:03.000456"))
        .contains(
            new TesterOutput.CameBack(
                12, Duration.ofHours(1).plusMinutes(2).plusSeconds(3).plusNanos(456_000)));
  }

  @Test
  void saysHowItEnded() {
    assertThat(
            TesterOutput.parse(
                "Sent 9, received 8, lost 1, duplicated 2, foreign 3, out of order 4, late 5;"
                    + " round trip p50 1.000 ms, p99 2.000 ms, max 3.000 ms"))
        .contains(
            new TesterOutput.Totals(
                9, 8, 1, 2, "round trip p50 1.000 ms, p99 2.000 ms, max 3.000 ms"));
    assertThat(
            TesterOutput.parse(
                "Sent 9, received 0, lost 9, duplicated 0, foreign 0, out of order 0"))
        .contains(new TesterOutput.Totals(9, 0, 9, 0, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-01-01 10:00:00.000000>>> Sending message #1 to MQ",
        "Sent message. Body: Test msg #1 (1.0000)",
        "2026-01-01 10:00:00.000000<<< Received Test msg #1 (1.0000) tag#1"
      })
  void saysNothingElse(String line) {
    assertThat(TesterOutput.parse(line)).isEmpty();
  }
}
