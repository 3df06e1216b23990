package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrawingTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Drawing TABLE = new TableDrawing(Instant.EPOCH, ZoneOffset.UTC);

  /** 1,000,000 messages, 100 ms apart, of which 3 are sent and 2 came back, after 12 s each. */
  private static Frame frame() {
    Plan plan = Plans.of(1_000_000, Duration.ofMillis(100), Duration.ofSeconds(30));
    MessageLog log = Plans.log(plan);
    for (int i = 0; i < 3; i++) {
      TestMessage message = log.send(100L * i * MILLI, 100L * i * MILLI, LocalTime.NOON);
      if (i < 2) {
        log.received(message.bytes(), (100L * i + 12_000) * MILLI);
      }
    }
    return new Frame("Sending", plan, log, 0, 12_500 * MILLI, 12_345.6, Optional.empty());
  }

  private static List<String> screen(Drawing drawing, int columns, int rows) {
    return drawing.screen(frame(), columns, rows).stream().map(AttributedString::toString).toList();
  }

  @Test
  void showsCountRateRoundTripsAndTimeLeftInOneLineWhereItIsWideEnough() {
    List<String> lines = screen(TABLE, 80, 24);

    assertThat(lines).hasSize(24);
    assertThat(lines.get(22))
        .isEqualTo("[Msgs: 2 of 1000000]  12346/s  p50 12001 ms  p99 12001 ms  27:46:28 left");
    assertThat(lines.get(23)).isEqualTo("out 1  late 2  duplicated 0  out of order 0  foreign 0");
  }

  @Test
  void cutsNoneOfThemInTwoWhereItIsNarrow() {
    List<String> lines = screen(new GraphDrawing(), 40, 24);

    assertThat(lines).hasSize(24);
    assertThat(lines.subList(19, 24))
        .containsExactly(
            "",
            "[Msgs: 2 of 1000000]  12346/s",
            "p50 12001 ms  p99 12001 ms",
            "27:46:28 left",
            "out 1  late 2  duplicated 0  out of orde");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 24", "2, 2", "3, 3", "40, 7", "80, 1", "80, 2", "200, 50"})
  void fitsAnyScreen(int columns, int rows) {
    for (Drawing drawing : List.of(TABLE, new GraphDrawing())) {
      assertThat(screen(drawing, columns, rows))
          .hasSize(rows)
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }
  }
}
