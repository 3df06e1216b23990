package org.messagebusbridge.observability.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.messagebusbridge.observability.Datum;
import org.messagebusbridge.observability.Metric;
import org.messagebusbridge.observability.Metric.Kind;
import org.messagebusbridge.observability.Metrics;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.Readings;
import org.messagebusbridge.observability.RecentEvents;

/**
 * What is a row of {@link Metrics#ALL} is everywhere where metrics are. To write the reference in
 * {@code docs/observability.md} anew, run this with {@code -Dmbb.docs=write}.
 */
class EveryMetricTest {
  private static final Path PAGE = Path.of("..", "docs", "observability.md");
  private static final String END = "<!-- /metrics -->";
  private static final JsonMapper JSON = new JsonMapper();

  private static final List<Metric<?>> ALL = Metrics.ALL;

  private final Reading reading = Bridges.relaying();
  private final RecentEvents.Snapshot noEvents = new RecentEvents(1).snapshot();

  @ParameterizedTest
  @FieldSource("ALL")
  void goesToCloudWatchUnderEachOfItsNamesWithItsUnit(Metric<?> metric) {
    List<Datum> sent = Metrics.between(Readings.zero(), reading);
    assertThat(metric.cloudWatch())
        .allSatisfy(
            name ->
                assertThat(sent)
                    .filteredOn(datum -> datum.name().equals(name))
                    .singleElement()
                    .returns(metric.unit(), Datum::unit));
    assertThat(metric.cloudWatch())
        .as("each name has a subject, but those of the bridge")
        .allMatch(name -> metric.subjects().stream().anyMatch(name::startsWith));
  }

  @Test
  void nothingElseGoesToCloudWatchAndNothingTwice() {
    assertThat(Metrics.between(Readings.zero(), reading))
        .extracting(Datum::name)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            ALL.stream().flatMap(metric -> metric.cloudWatch().stream()).toList());
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void isToldToPrometheusForEachOfItsSubjectsWithItsHelp(Metric<?> metric) {
    String text = PrometheusMetrics.of(Bridges.ABOUT, reading, noEvents);
    String name = PrometheusMetrics.name(metric);
    String total = counts(metric) ? "_total" : "";
    assertThat(text.lines())
        .contains(
            "# HELP " + name + total + " " + metric.help(),
            "# TYPE " + name + total + " " + type(metric));
    for (String subject : metric.subjects()) {
      String series = name + (metric.kind() == Kind.HISTOGRAM ? "_count" : total);
      String labels =
          subject.isEmpty() ? "" : "{%s=\"%s\"}".formatted(metric.scope().label(), subject);
      assertThat(text.lines()).anyMatch(line -> line.startsWith(series + labels + " "));
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void isInTheStatusOfEachOfItsSubjects(Metric<?> metric) throws IOException {
    JsonNode status = JSON.readTree(StatusJson.of(Bridges.ABOUT, reading, new History(), noEvents));
    String field = metric.kind() == Kind.HISTOGRAM ? "p99_ms" : metric.name();
    for (String subject : metric.subjects()) {
      assertThat(status.path(subject.isEmpty() ? "bridge" : subject).has(field)).isTrue();
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void isKnownToThePageWithItsUnitAndHelp(Metric<?> metric) {
    assertThat(new StatusPage().showing("{}").body())
        .contains(
            "{\"name\":\"%s\",\"kind\":\"%s\",\"unit\":\"%s\",\"help\":\"%s\""
                .formatted(metric.name(), word(metric.kind()), word(metric.unit()), metric.help()));
  }

  @Test
  void theReferenceHasEveryRowAsTheCodeHasIt() throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf('\n', page.indexOf("<!-- metrics:")) + 1;
    int end = page.indexOf(END);
    if ("write".equals(System.getProperty("mbb.docs"))) {
      Files.writeString(PAGE, page.substring(0, start) + table() + page.substring(end));
      return;
    }
    assertThat(page.substring(start, end)).isEqualTo(table());
  }

  private static String table() {
    return ALL.stream()
        .map(
            metric ->
                "| `%s` | `%s` | %s | %s | %s |\n"
                    .formatted(
                        metric.name(),
                        prometheus(metric),
                        cloudWatch(metric),
                        word(metric.unit()),
                        metric.help()))
        .collect(
            Collectors.joining(
                "",
                """

                | metric | for Prometheus | in CloudWatch, and the statistic that makes sense | unit | what it tells |
                |---|---|---|---|---|
                """,
                "\n"));
  }

  private static String prometheus(Metric<?> metric) {
    String label = metric.scope().label();
    return PrometheusMetrics.name(metric)
        + (counts(metric) ? "_total" : "")
        + (label.isEmpty() ? "" : "{" + label + "}");
  }

  /** Names by their statistic. What ends so is the Python service's, see {@link Metrics}. */
  private static String cloudWatch(Metric<?> metric) {
    Map<String, List<String>> names =
        metric.cloudWatch().stream()
            .collect(
                Collectors.groupingBy(
                    name ->
                        name.endsWith("_total")
                            ? "Maximum, by instance"
                            : name.endsWith("_persecond")
                                ? "Average, by instance"
                                : metric.statistic(),
                    LinkedHashMap::new,
                    Collectors.mapping(name -> "`" + name + "`", Collectors.toList())));
    return names.entrySet().stream()
        .map(entry -> String.join(", ", entry.getValue()) + " (" + entry.getKey() + ")")
        .collect(Collectors.joining("; "));
  }

  private static boolean counts(Metric<?> metric) {
    return metric.kind() == Kind.COUNTER || metric.kind() == Kind.FAULTS;
  }

  private static String type(Metric<?> metric) {
    return counts(metric) ? "counter" : word(metric.kind());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
