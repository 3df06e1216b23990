package org.messagebusbridge.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.ProcessUse;
import picocli.CommandLine;

class BenchTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--broker=2.0      | --broker is 3.10 or 4.0, not '2.0'",
        "--seconds=0       | --seconds has to be from 1 to 60, not 0",
        "--seconds=61      | --seconds has to be from 1 to 60, not 61",
        "--rounds=0        | --rounds has to be from 1 to 100, not 0",
        "--sizes=200,23    | --sizes has to be from 24 to 16777216, not 23",
        "--rates=fast      | --rates is 'none' or numbers such as 500,5000, not 'fast'",
        "--rates=0         | --rates has to be from 1 to 1000000, not 0",
        "--in-flight=0     | --in-flight has to be from 1 to 100000, not 0",
        "--only=sideways   | sideways",
        "--quick --full    | --quick and --full exclude each other",
        "--write=pom.xml   | --write: pom.xml has no marks for the part 'benchmark'",
        "--faster          | --faster",
      })
  void exitsWithTwoAndSaysWhyForAWrongFlag(String flag, String expected) {
    List<String> arguments = new ArrayList<>(List.of("--only=direct"));
    arguments.addAll(List.of(flag.split(" ")));

    Ran ran = run(arguments.toArray(String[]::new));

    assertThat(ran.code).isEqualTo(2);
    assertThat(ran.out).isEmpty();
    assertThat(ran.err.lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("error: ")
        .contains(expected);
  }

  @Test
  void exitsWithTwoWhenBenthosIsAskedForAndNotThere() {
    Ran ran = run("--only=shovel-tcp,benthos", "--benthos=no/such/file");

    assertThat(ran.code).isEqualTo(2);
    assertThat(ran.err)
        .startsWith("error: --only names benthos, but no/such/file is no program; see --benthos.");
  }

  @Test
  void putsEachWayOnALineBelowTheHeadWithItsShareOfTheShovelAndItsAccount() {
    List<String> table =
        BenchReport.table(
            List.of(
                Measured.row(Measured.SATURATED, Way.SHOVEL, 10_000, 11_000, 30_000),
                Measured.row(Measured.SATURATED, Way.PONG, 12_000, 12_100, 9_000),
                Measured.withLoss(Way.FLUSH)));

    assertThat(table)
        .containsExactly(
            "200 bytes, saturated",
            "           trips/s  of shovel  CPU us  broker us  load us   heap B  peak MiB     sent"
                + "   lost twice  disordered",
            "shovel       11000       1.00       -       31.0     12.5        -         -    51000"
                + "      0     0           0",
            "pong         12000       1.09    20.0       31.0     12.5     1500      80.0    33100"
                + "      0     0           0",
            "flush            5       0.00       -       45.0     15.0        -         -       12"
                + "      1     2           1");
    assertThat(BenchReport.table(List.of(Measured.row(Measured.SLOW, Way.PONG, 500))))
        .containsExactly(
            "200 bytes, 500 a second",
            "            p50 ms    p99 ms  p99.9 ms  CPU us  broker us  load us  wake-ups     sent"
                + "   lost twice  disordered",
            "pong          1.25      2.50      3.00    20.0       30.0     12.5       8.3      500"
                + "      0     0           0");
  }

  @Test
  void judgesAGoalByTheMedianOfTheRatiosOfEachRound() {
    Results results =
        Measured.results(
            Measured.row(Measured.SATURATED, Way.SHOVEL, 100, 1_000, 10_000),
            Measured.row(Measured.SATURATED, Way.PONG, 99, 1_100, 12_000),
            Measured.row(Measured.SATURATED, Way.FLUSH, 100, 1_000, 13_333));

    assertThat(BenchReport.goals(results.outcomes()))
        .containsExactly(
            "pong over shovel, round trips                  1.10   goal >=   1.00   met",
            "pong over flush, round trips                   0.99   goal >=   0.95   met",
            "peak memory, MiB                              80.00   goal <= 110.00   met");
    assertThat(
            BenchReport.goals(
                Measured.results(
                        Measured.row(Measured.SATURATED, Way.PONG, 9),
                        Measured.row(Measured.SATURATED, Way.FLUSH, 10))
                    .outcomes()))
        .first()
        .isEqualTo("pong over flush, round trips                   0.90   goal >=   0.95   short");
  }

  @Test
  void isNotCleanWhenAnyOfOursLostAMessageWhateverTheOthersDo() {
    Row clean = Measured.row(Measured.SATURATED, Way.DIRECT, 1);

    assertThat(Measured.results(clean).isClean()).isTrue();
    assertThat(Measured.results(clean, Measured.withLoss(Way.PONG)).isClean()).isFalse();
    assertThat(Measured.results(clean, Measured.withLoss(Way.BENTHOS)).isClean()).isTrue();
  }

  @Test
  void writesEveryFigureAsJson() throws Exception {
    JsonNode report =
        new ObjectMapper()
            .readTree(
                BenchFiles.json(
                    Measured.results(
                        Measured.row(Measured.SATURATED, Way.PONG, 4, 6, 8),
                        Measured.withLoss(Way.FLUSH))));

    assertThat(report.get("time").asText()).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(report.get("broker").asText()).isEqualTo("RabbitMQ 3.10.8");
    assertThat(report.get("inFlight").asInt()).isEqualTo(2_000);
    JsonNode pong = report.get("rows").get(0);
    assertThat(pong.get("way").asText()).isEqualTo("pong");
    assertThat(pong.get("roundTripsPerSecond").asDouble()).isEqualTo(6);
    assertThat(pong.get("rounds").get(2).get("roundTripsInEachSecond").toString()).isEqualTo("[8]");
    assertThat(pong.get("peakResidentBytes").asLong()).isEqualTo(81_920 * 1_024);
    assertThat(pong.get("cpuMicrosPerMessage").asDouble()).isEqualTo(20);
    assertThat(pong.get("brokerMicrosPerMessage").asDouble()).isEqualTo(31);
    assertThat(pong.get("loadMicrosPerMessage").asDouble()).isEqualTo(12.5);
    assertThat(pong.at("/rounds/2/brokerMicrosPerMessage").asDouble()).isEqualTo(32);
    assertThat(pong.at("/rounds/2/loadMicrosPerMessage").asDouble()).isEqualTo(12.5);
    assertThat(pong.get("wakeUpsPerMessage").asDouble()).isEqualTo(9.25);
    assertThat(pong.at("/rounds/2/wakeUpsPerMessage").asDouble()).isEqualTo(10.25);
    assertThat(pong.get("allocatedBytesPerMessage").asDouble()).isEqualTo(1_500);
    JsonNode flush = report.get("rows").get(1);
    assertThat(flush.get("lost").asInt()).isEqualTo(1);
    assertThat(flush.get("duplicated").asInt()).isEqualTo(2);
    assertThat(flush.get("outOfOrder").asInt()).isEqualTo(1);
    assertThat(flush.has("cpuMicrosPerMessage")).isFalse();
    assertThat(flush.get("brokerMicrosPerMessage").asDouble()).isEqualTo(45);
    assertThat(flush.get("loadMicrosPerMessage").asDouble()).isEqualTo(15);
    assertThat(report.get("goals").get(1).get("name").asText()).startsWith("peak memory");
  }

  @Test
  void writesAPageThatNeedsNothingElse() {
    String page =
        BenchPage.of(
            Measured.results(
                Measured.row(Measured.SATURATED, Way.SHOVEL, 4_000, 6_000),
                Measured.row(Measured.SATURATED, Way.PONG, 4_000),
                Measured.row(Measured.SLOW, Way.PONG, 500)));

    assertThat(page)
        .startsWith("<!doctype html>")
        .endsWith("</html>\n")
        .contains("200 bytes, saturated", "200 bytes, 500 a second", "RabbitMQ 3.10.8", "5,000")
        .contains("<td>-</td><td>30.5</td><td>12.5</td>")
        .contains("<td>20.0</td><td>30.0</td><td>12.5</td>")
        .doesNotContain("http", "<script", "src=", "NaN");
  }

  @Test
  void plotsTheProcessorTimeOfAllThatTakesPart() {
    String page =
        BenchPage.of(
            Measured.results(
                Measured.row(Measured.SATURATED, Way.SHOVEL, 4_000),
                Measured.row(Measured.SATURATED, Way.PONG, 4_000)));

    assertThat(plot(page, "processor time of the bridge for one, \u00b5s"))
        .containsExactly("pong", "20.0");
    assertThat(plot(page, "processor time of the broker for one, \u00b5s"))
        .containsExactly("shovel", "30.0", "pong", "30.0");
    assertThat(plot(page, "processor time of bridge, broker and load together for one, \u00b5s"))
        .containsExactly("shovel", "42.5", "pong", "62.5");
  }

  /** The texts of the plot with this caption: labels and figures in turn. */
  private static List<String> plot(String page, String caption) {
    String figure =
        page.split("<figcaption>" + Pattern.quote(caption) + "</figcaption>", 2)[1]
            .split("</figure>", 2)[0];
    return Pattern.compile("<text[^>]*>([^<]*)</text>")
        .matcher(figure)
        .results()
        .map(text -> text.group(1))
        .toList();
  }

  @Test
  void saysWhenAFileCannotBeWritten() {
    assertThat(catchSandbox(() -> BenchFiles.write(Path.of("/no/such/folder/x.json"), "")))
        .isEqualTo(
            "/no/such/folder/x.json cannot be written:"
                + " java.nio.file.NoSuchFileException: /no/such/folder/x.json.");
  }

  private static final Growth.Fleet ONE = new Growth.Fleet(1, 1);
  private static final Growth.Fleet FOUR = new Growth.Fleet(1, 4);

  private static Results.Extras extras(long lost) {
    return new Results.Extras(
        Optional.of(new Startup(List.of(620.0, 600.0, 900.0), List.of(500.0, 510.0, 480.0))),
        Optional.of(new Backlog(Map.of(10, List.of(4_000.0, 4_200.0, 9_000.0)))),
        List.of(
            new Growth(
                "RabbitMQ 4.0.5, one node",
                Map.of(
                    ONE, List.of(new Growth.Turn(8_000, 20, 70, 0)),
                    FOUR, List.of(new Growth.Turn(7_000, 30, 90, lost))))));
  }

  @Test
  void judgesTheStartByItsMedianAndTheLongQueueByTheSlowestOfAll() {
    Backlog uneven =
        new Backlog(Map.of(10, List.of(1_000.0), 100, List.of(950.0), 1_000, List.of(850.0)));

    assertThat(Goal.start(new Startup(List.of(650.0), List.of(500.0))).line())
        .isEqualTo("start over a bare program's                    1.30   goal <=   1.30   met");
    assertThat(Goal.start(new Startup(List.of(660.0), List.of(500.0))).isMet()).isFalse();
    assertThat(Goal.backlog(uneven).line())
        .isEqualTo("10, 100, 1,000,000 waiting, least over most     0.85   goal >=   0.90   short");
    assertThat(new Backlog(Map.of(10, List.of(1_000.0, 10.0, 2_000.0))).rate(10)).isEqualTo(1_000);
  }

  @Test
  void tellsOfTheOtherBenchmarksInEachKindOfFile() throws Exception {
    Results results =
        Measured.results(
            extras(0),
            Measured.row(Measured.SATURATED, Way.PONG, 4_000),
            Measured.row(Measured.SLOW, Way.PONG, 500));

    assertThat(BenchReport.goals(results.outcomes()))
        .contains(
            "start over a bare program's                    1.24   goal <=   1.30   met",
            "10, 100, 1,000,000 waiting, least over most     1.00   goal >=   0.90   met");
    JsonNode json = new ObjectMapper().readTree(BenchFiles.json(results));
    assertThat(json.at("/start/bridgeMillis/0").asDouble()).isEqualTo(620);
    assertThat(json.at("/backlog/0/roundTripsPerSecond/1").asDouble()).isEqualTo(4_200);
    assertThat(json.at("/growth/0/fleets")).hasSize(2);
    assertThat(BenchPage.of(results))
        .contains("From exec to ready", "RabbitMQ 4.0.5, one node", "4 instances, 1 queue");
    assertThat(BenchMarkdown.of(results, "JDK 25"))
        .startsWith("1970-01-01, RabbitMQ 3.10.8; JDK 25.\nRounds in turn: 3 of 4 s; medians")
        .contains(
            "| peak memory, MiB | 80.00 | at most 110.0 | met |",
            "| pong | 4,000 | 20.0 | 30.0 | 12.5 | 1,500 | 80.0 | 4,000 | 0 | 0 | 0 |",
            "| pong | 1.25 | 2.50 | 3.00 | 20.0 | 30.0 | 12.5 | 8.3 | 500 | 0 | 0 | 0 |",
            "| bridge | 620 |",
            "| 10 | 4,200 |",
            "| 4 instances, 1 queue | 7,000 | 30.0 | 90.0 | 0 |");
  }

  @Test
  void isNotCleanWhenAFleetLostAMessage() {
    Row clean = Measured.row(Measured.SATURATED, Way.PONG, 1);

    assertThat(Measured.results(extras(0), clean).isClean()).isTrue();
    assertThat(Measured.results(extras(1), clean).isClean()).isFalse();
  }

  @Test
  void isQuickWithOneRoundOfTheFirstSizeAndRate() {
    Plan quick = Plan.quick(List.of(Way.DIRECT, Way.PONG), 200, List.of(500, 5_000), 2_000);

    assertThat(quick.loads(200)).containsExactly(Measured.SATURATED, Measured.SLOW);
    // 2 + 2 s saturated and 1 + 2 s paced, for two ways.
    assertThat(quick.duration()).isEqualTo(Duration.ofSeconds(2 * (4 + 3)));
  }

  @Test
  void plansTheRatesForTheFirstSizeAlone() {
    Plan plan =
        new Plan(List.of(Way.DIRECT, Way.PONG), List.of(200, 4_096), List.of(500), 3, 4, 2_000);

    assertThat(plan.loads(200)).containsExactly(Measured.SATURATED, Measured.SLOW);
    assertThat(plan.loads(4_096)).containsExactly(new Workload(4_096, 0));
    // Two saturated loads of 8 + 5 + 5 s and one paced of 5 + 5 + 5 s, for two ways.
    assertThat(plan.duration()).isEqualTo(Duration.ofSeconds(2 * (2 * 18 + 15)));
  }

  @Test
  void haveFewerLargeMessagesInFlight() {
    assertThat(Measured.SATURATED.spec(2_000, Duration.ZERO, 1).inFlight()).isEqualTo(2_000);
    assertThat(new Workload(1 << 20, 0).spec(2_000, Duration.ZERO, 1).inFlight()).isEqualTo(32);
    assertThat(new Workload(1 << 20, 0).label()).isEqualTo("1 MiB, saturated");
    assertThat(new Workload(4_096, 5_000).label()).isEqualTo("4 KiB, 5000 a second");
  }

  @Test
  void takesTheMiddleValue() {
    assertThat(Median.of(DoubleStream.of(3, 1, 2))).hasValue(2);
    assertThat(Median.of(DoubleStream.of(4, 1, 2, 3))).hasValue(2.5);
    assertThat(Median.of(DoubleStream.empty())).isEmpty();
  }

  @Test
  void measuresAProcessByWhatTheSystemKnowsOfIt() throws Exception {
    ProcessUse self = new ProcessUse(ProcessHandle.current().pid());

    assertThat(self.cpu()).isPositive();
    assertThat(self.peakResidentKib().orElse(0)).isGreaterThan(10_000);
    assertThat(new ProcessUse(Integer.MAX_VALUE).cpu()).isZero();
    assertThat(new ProcessUse(Integer.MAX_VALUE).peakResidentKib()).isEmpty();
    assertThat(Jstat.allocatedBytes(Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void reckonsWhatWasAllocatedFromTheCollectionsOfAFullEden() {
    assertThat(Jstat.parse("  S0C   EC    EU   YGC\n 10.0  100.0  40.0  3\n"))
        .hasValue(340 * 1_024);
    assertThat(Jstat.parse("no such process\n")).isEmpty();
    assertThat(Jstat.parse(" S0C EU YGC\n 1 2 3\n")).isEmpty();
  }

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Bench.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = command.execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  private static String catchSandbox(Runnable action) {
    try {
      action.run();
      return "nothing thrown";
    } catch (SandboxException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
