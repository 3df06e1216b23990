package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.amqp.AmqpConfig;
import org.messagebusbridge.amqp.AmqpKeys;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Secret;

class ReportsTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Instant STARTED = Instant.parse("2026-11-24T10:20:30Z");
  private static final long START = -7_000 * MILLI;
  private static final LocalTime LOCAL = LocalTime.of(10, 20, 30);

  /** 100 ms apart; each takes its number in ms, but every tenth is lost, and #55 takes 2 s. */
  static Report report(int messages) {
    Plan plan = Plans.of(messages, Duration.ofMillis(100), Duration.ofSeconds(1));
    MessageLog log = Plans.log(plan);
    for (int number = 1; number <= messages; number++) {
      long at = START + (number - 1) * 100L * MILLI;
      TestMessage message = log.send(at, at + MILLI / 2, LOCAL);
      if (number % 10 != 0) {
        log.received(message.bytes(), at + (number == 55 ? 2_000 : number % 100) * MILLI);
      }
    }
    Duration took = Duration.ofMillis(messages * 100L + 2_000);
    Outcome outcome = new Outcome(new Ending.TimeUp(), log.summary(), STARTED, START, took);
    AmqpConfig config =
        new AmqpConfig(Configuration.DEFAULTS)
            .with(AmqpKeys.HOST, "broker</script>.example.com")
            .with(AmqpKeys.PORT, 5671)
            .with(AmqpKeys.USER_ID, "user")
            .with(AmqpKeys.PASSWORD, new Secret("not-to-be-seen"))
            .with(AmqpKeys.QUEUE_TO_WS, "to_ws")
            .with(AmqpKeys.QUEUE_FROM_WS, "from_ws");
    return new Report("MessageBusBridge test", config, plan, log, outcome, 1, Optional.empty());
  }

  private static String written(ReportFile.Form form, Report report) throws Exception {
    StringWriter out = new StringWriter();
    form.write(report, out);
    return out.toString();
  }

  @Test
  void theCsvHasWhatDidNotComeBack() throws Exception {
    assertThat(written(new CsvReport(false, ZoneOffset.UTC), report(20)))
        .isEqualTo(
            """
            time_send,time_recv,time_elapsed,msg
            2026-11-24 10:20:30.900000,,,Test msg #10 (4711.2030)
            2026-11-24 10:20:31.900000,,,Test msg #20 (4711.2030)
            """);
  }

  @Test
  void theCsvHasAllWhenAllAreAskedFor() throws Exception {
    assertThat(written(new CsvReport(true, ZoneOffset.UTC), report(55)).lines())
        .hasSize(56)
        .startsWith(
            "time_send,time_recv,time_elapsed,msg",
            "2026-11-24 10:20:30.000000,2026-11-24 10:20:30.001000,00:00:00.001000,Test msg #1"
                + " (4711.2030)")
        .endsWith(
            "2026-11-24 10:20:35.400000,2026-11-24 10:20:37.400000,00:00:02.000000,Test msg #55"
                + " (4711.2030)");
  }

  @Test
  void theJsonAddsUp() throws Exception {
    String text = written(new JsonReport(), report(1_000));
    JsonNode json = new ObjectMapper().readTree(text);

    assertThat(text).doesNotContain("not-to-be-seen");
    assertThat(json.path("counts").path("sent").asInt()).isEqualTo(1_000);
    assertThat(json.path("counts").path("received").asInt()).isEqualTo(900);
    assertThat(json.path("counts").path("lost").asInt()).isEqualTo(100);
    assertThat(json.path("counts").path("late").asInt()).isEqualTo(1);
    assertThat(json.path("exitCode").asInt()).isEqualTo(1);
    assertThat(json.path("ending").asText()).isEqualTo("time up");
    assertThat(json.path("started").asText()).isEqualTo("2026-11-24T10:20:30Z");
    assertThat(json.path("roundTripMillis").path("max").asDouble()).isBetween(2_000.0, 2_001.0);
    assertThat(sum(json.path("histogram"), "count")).isEqualTo(900);
    assertThat(sum(json.path("intervals"), "sent")).isEqualTo(1_000);
    assertThat(sum(json.path("intervals"), "received")).isEqualTo(900);
    assertThat(sum(json.path("intervals"), "lost")).isEqualTo(100);
    assertThat(sum(json.path("intervals"), "late")).isEqualTo(1);
    assertThat(json.path("intervals").size()).isEqualTo(204);
    assertThat(json.path("intervalMillis").asInt()).isEqualTo(500);
    assertThat(json.path("messages").size()).isEqualTo(1_000);
    assertThat(json.path("lost").get(0).path("number").asInt()).isEqualTo(10);
    assertThat(json.path("lost").get(0).path("state").asText()).isEqualTo("lost");
    assertThat(json.path("late").get(0).path("number").asInt()).isEqualTo(55);
    assertThat(json.path("late").get(0).path("millis").asDouble()).isEqualTo(2_000);
    assertThat(json.path("late").get(0).path("sentMillis").asDouble()).isEqualTo(5_400.5);
  }

  @Test
  void theJsonTellsTheMedianOfEachPieceOfTime() throws Exception {
    JsonNode json = new ObjectMapper().readTree(written(new JsonReport(), report(100)));

    assertThat(json.path("intervalMillis").asInt()).isEqualTo(100);
    assertThat(json.path("intervals").get(0).path("p50").asDouble()).isEqualTo(1);
    // one message each: the eleventh took 11 ms, the tenth was lost
    assertThat(json.path("intervals").get(10).path("max").asDouble()).isBetween(11.0, 11.01);
    assertThat(json.path("intervals").get(9).path("max").asDouble()).isZero();
  }

  @Test
  void theClassesOfTheHistogramLieSideBySide() throws Exception {
    JsonNode histogram =
        new ObjectMapper().readTree(written(new JsonReport(), report(1_000))).path("histogram");

    for (int i = 1; i < histogram.size(); i++) {
      assertThat(histogram.get(i).path("fromMillis").asDouble())
          .isEqualTo(histogram.get(i - 1).path("toMillis").asDouble());
    }
    assertThat(histogram.get(0).path("fromMillis").asDouble()).isEqualTo(1);
  }

  @Test
  void longRunsListNoMoreThanTheFirstOfTheirTroubles() throws Exception {
    JsonNode json = new ObjectMapper().readTree(written(new JsonReport(), report(30_000)));

    assertThat(json.path("messages").size()).isZero();
    assertThat(json.path("counts").path("lost").asInt()).isEqualTo(3_000);
    assertThat(json.path("lost").size()).isEqualTo(2_000);
    assertThat(json.path("intervals").size()).isLessThanOrEqualTo(240);
    assertThat(sum(json.path("intervals"), "sent")).isEqualTo(30_000);
  }

  @Test
  void thePageHoldsTheSameJsonAndNothingThatEndsItsElement() throws Exception {
    Report report = report(100);
    String page = written(new HtmlReport(), report);
    List<String> data = page.lines().dropWhile(l -> !l.contains("id=\"data\"")).toList();
    String json = String.join("\n", data);
    json = json.substring(json.indexOf('>') + 1, json.indexOf("</script>"));

    assertThat(new ObjectMapper().readTree(json))
        .isEqualTo(new ObjectMapper().readTree(written(new JsonReport(), report)));
    assertThat(page).doesNotContain("http://b", "src=", "@import").endsWith("</html>\n");
  }

  private static long sum(JsonNode list, String field) {
    return StreamSupport.stream(list.spliterator(), false)
        .mapToLong(entry -> entry.path(field).asLong())
        .sum();
  }
}
