package org.messagebusbridge.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.sandbox.bench.Row.BridgeUse;
import org.messagebusbridge.sandbox.bench.Row.Way;
import picocli.CommandLine;

class BenchTest {

  private static final Load.Spec SPEC =
      new Load.Spec(200, 2_000, Duration.ofSeconds(5), 2, Duration.ofSeconds(15));
  private static final Row ROW =
      new Row(
          Way.WEBSOCKET,
          new Figures(12, 11, 2, 1, List.of(4, 6), 1.25, 2.5, 3.75),
          Optional.of(new BridgeUse(17.5, OptionalLong.of(81_920))));

  @ParameterizedTest
  @CsvSource({
    "--broker=2.0, '--broker is 3.10 or 4.0, not ''2.0'''",
    "--seconds=0, '--seconds has to be from 1 to 60, not 0'",
    "--seconds=61, '--seconds has to be from 1 to 60, not 61'",
    "--size=23, '--size has to be from 24 to 16777216, not 23'",
    "--in-flight=0, '--in-flight has to be from 1 to 100000, not 0'",
    "--only=sideways, sideways",
    "--faster, --faster",
  })
  void exitsWithTwoAndSaysWhyForAWrongFlag(String flag, String expected) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Bench.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    assertThat(command.execute(flag)).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("error: ")
        .contains(expected);
  }

  @Test
  void putsEachRowOnALineBelowTheHeadAndItsAccountOnAnother() {
    assertThat(BenchReport.line(ROW))
        .isEqualTo("websocket         6        5       1.3      2.5      3.8      17.5      80.0");
    assertThat(BenchReport.account(ROW))
        .isEqualTo("websocket  sent 12, received 11, lost 1, duplicated 2, out of order 1");
    assertThat(BenchReport.head().lines().toList().getLast()).hasSameSizeAs(BenchReport.line(ROW));
  }

  @Test
  void writesEveryFigureAsJson(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("bench.json");

    new BenchReport("RabbitMQ 3.10.8", 2, SPEC, List.of(ROW)).write(file, Instant.EPOCH);

    JsonNode report = new ObjectMapper().readTree(Files.readString(file));
    assertThat(report.get("time").asText()).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(report.get("broker").asText()).isEqualTo("RabbitMQ 3.10.8");
    assertThat(report.get("inFlight").asInt()).isEqualTo(2_000);
    JsonNode row = report.get("rows").get(0);
    assertThat(row.get("way").asText()).isEqualTo("websocket");
    assertThat(row.get("roundTripsInEachSecond").toString()).isEqualTo("[4,6]");
    assertThat(row.get("bridgePeakResidentBytes").asLong()).isEqualTo(81_920 * 1_024);
    assertThat(row.get("bridgeCpuMicrosPerMessage").asDouble()).isEqualTo(17.5);
    assertThat(row.get("lost").asInt()).isEqualTo(1);
    assertThat(row.get("duplicated").asInt()).isEqualTo(2);
    assertThat(row.get("outOfOrder").asInt()).isEqualTo(1);
  }

  @Test
  void isNotCleanWhenAnyRowLostAMessage() {
    assertThat(new BenchReport("b", 2, SPEC, List.of(ROW)).isClean()).isFalse();
    Row clean = new Row(Way.DIRECT, new Figures(1, 1, 0, 0, List.of(1), 1, 1, 1), Optional.empty());
    assertThat(new BenchReport("b", 2, SPEC, List.of(clean)).isClean()).isTrue();
    assertThat(new BenchReport("b", 2, SPEC, List.of(clean, ROW)).isClean()).isFalse();
  }

  @Test
  void measuresAProcessByWhatTheSystemKnowsOfIt() {
    ProcessUse self = new ProcessUse(ProcessHandle.current().pid());

    assertThat(self.cpu()).isPositive();
    assertThat(self.peakResidentKib().orElse(0)).isGreaterThan(10_000);
    assertThat(new ProcessUse(Integer.MAX_VALUE).cpu()).isZero();
    assertThat(new ProcessUse(Integer.MAX_VALUE).peakResidentKib()).isEmpty();
  }
}
