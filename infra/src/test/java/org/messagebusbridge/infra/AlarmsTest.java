package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.messagebusbridge.infra.Variant.EC2;
import static org.messagebusbridge.infra.Variant.LARGE;
import static org.messagebusbridge.infra.Variant.STANDARD;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.amqp.RedeliveryWarning;
import org.messagebusbridge.bus.Rejection;

class AlarmsTest {

  private static final Path RUNBOOKS = Path.of("../docs/runbooks");

  @Test
  void everyAlarmNamesARunbookAndEveryRunbookAnAlarm() throws IOException {
    List<String> named =
        LARGE.bridge().all("AWS::CloudWatch::Alarm").stream()
            .map(alarm -> alarm.get("AlarmDescription").asText())
            .map(text -> text.replaceFirst(".*\\. What to do: ", ""))
            .distinct()
            .sorted()
            .toList();

    try (Stream<Path> files = Files.list(RUNBOOKS)) {
      assertThat(named)
          .containsExactlyElementsOf(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.equals("README.md"))
                  .map(name -> "https://github.com/bank/bridge/blob/main/docs/runbooks/" + name)
                  .sorted()
                  .toList());
    }
  }

  @Test
  void everyAlarmTellsTheTopic() {
    for (Variant variant : Variant.values()) {
      assertThat(told(variant))
          .isNotEmpty()
          .allSatisfy(
              alarm -> {
                assertThat(Stack.text(alarm.get("AlarmActions"))).startsWith("${Topic");
                assertThat(alarm.get("OKActions")).hasSize(1);
              });
    }
    JsonNode statements =
        LARGE.bridge().one("AWS::SNS::TopicPolicy").at("/PolicyDocument/Statement");
    assertThat(statements)
        .extracting(
            statement -> statement.get("Effect").asText() + " " + statement.get("Sid").asText())
        .containsExactlyInAnyOrder("Deny AllowPublishThroughSSLOnly", "Allow AlarmsOfThisAccount");
    JsonNode alarms =
        statements
            .valueStream()
            .filter(statement -> statement.get("Effect").asText().equals("Allow"))
            .findFirst()
            .orElseThrow();
    assertThat(alarms.at("/Principal/Service").asText()).isEqualTo("cloudwatch.amazonaws.com");
    assertThat(Stack.text(alarms.at("/Condition/StringEquals/aws:SourceAccount")))
        .isEqualTo("${AWS::AccountId}");
    JsonNode subscription = EC2.bridge().one("AWS::SNS::Subscription");
    assertThat(subscription.get("Protocol").asText()).isEqualTo("email");
    assertThat(subscription.get("Endpoint").asText()).isEqualTo("ops@example.com");
  }

  /** All but those that only deployments fail by. */
  private static List<JsonNode> told(Variant variant) {
    return variant.bridge().all("AWS::CloudWatch::Alarm").stream()
        .filter(alarm -> !alarm.get("AlarmDescription").asText().startsWith("Deployment: "))
        .toList();
  }

  @Test
  void whatTheyWatchAndWhenTheySpeak() {
    Map<String, String> alarms = new TreeMap<>();
    for (JsonNode alarm : told(LARGE)) {
      String name = alarm.get("AlarmDescription").asText().replaceFirst(".*/(.*)\\.md", "$1");
      alarms.put(
          name,
          "%s %s %s, %d of %d s, missing: %s"
              .formatted(
                  metric(alarm),
                  alarm.get("ComparisonOperator").asText().startsWith("Less") ? "<" : ">",
                  alarm.get("Threshold").asText(),
                  alarm.get("EvaluationPeriods").asInt(),
                  alarm.path("Period").asInt(60),
                  alarm.get("TreatMissingData").asText()));
    }

    assertThat(alarms)
        .containsExactly(
            Map.entry("broker-disk", "100 * limit / used > 80, 5 of 60 s, missing: notBreaching"),
            Map.entry("broker-memory", "100 * used / limit > 80, 5 of 60 s, missing: notBreaching"),
            Map.entry(
                "canary-failed", "Maximum canary_round_trips < 1, 1 of 1800 s, missing: missing"),
            Map.entry(
                "dead-letters", "Sum to_ws_dead_lettered > 0, 1 of 600 s, missing: notBreaching"),
            Map.entry(
                "delivery-limit",
                "Sum delivery_limit_warnings > 0, 1 of 600 s, missing: notBreaching"),
            Map.entry(
                "from-ws-backlog",
                "Maximum from_ws_queue_depth > 10000, 10 of 60 s, missing: notBreaching"),
            Map.entry(
                "from-ws-rejected", "Sum from_ws_rejected > 0, 1 of 600 s, missing: notBreaching"),
            Map.entry("logs-lost", "Sum log_events_lost > 0, 1 of 600 s, missing: notBreaching"),
            Map.entry(
                "mq-not-connected", "Maximum mq_connected < 1, 5 of 60 s, missing: breaching"),
            Map.entry(
                "to-ws-backlog",
                "Maximum to_ws_queue_depth > 10000, 10 of 60 s, missing: notBreaching"),
            Map.entry("to-ws-slow", "p99 to_ws_latency > 5000, 10 of 60 s, missing: notBreaching"),
            Map.entry(
                "ws-flapping",
                "Sum ws_connection_attempts_recent > 20, 1 of 600 s, missing: notBreaching"),
            Map.entry(
                "ws-not-connected", "Maximum ws_connected < 1, 5 of 60 s, missing: breaching"));
  }

  private static String metric(JsonNode alarm) {
    if (alarm.has("Metrics")) {
      return alarm
          .get("Metrics")
          .valueStream()
          .filter(metric -> metric.has("Expression"))
          .map(metric -> metric.get("Expression").asText())
          .findFirst()
          .orElseThrow();
    }
    assertThat(alarm.get("Namespace").asText()).isEqualTo("Bank/Bridge");
    assertThat(alarm.has("Dimensions")).isFalse();
    JsonNode statistic =
        alarm.has("Statistic") ? alarm.get("Statistic") : alarm.get("ExtendedStatistic");
    return statistic.asText() + " " + alarm.get("MetricName").asText();
  }

  @Test
  void aStubHasNoPeerToMiss() {
    assertThat(told(STANDARD))
        .extracting(alarm -> alarm.get("AlarmDescription").asText())
        .hasSize(11)
        .noneMatch(text -> text.contains("/ws-"));
  }

  @Test
  void theDashboardShowsTheFleetAndItsWarnings() {
    String board =
        Stack.text(LARGE.bridge().one("AWS::CloudWatch::Dashboard").get("DashboardBody"));

    for (String name :
        List.of(
            "to_ws_recent",
            "from_ws_recent",
            "to_ws_latency",
            "from_ws_latency",
            "to_ws_queue_depth",
            "from_ws_queue_depth",
            "to_ws_dead_lettered",
            "ws_connected",
            "CPUUtilization",
            "MemoryUtilization",
            "RabbitMQDiskFree",
            "ConnectionCount",
            "RabbitMQMemUsed")) {
      assertThat(board).contains("\"" + name + "\"");
    }
    assertThat(board)
        .contains("\"Bank/Bridge\"", "WARN|ERROR", "\"type\":\"alarm\"", "Is an alarm red?")
        .doesNotContain("instance_id");
    assertThat(LARGE.bridge().all("AWS::Logs::QueryDefinition"))
        .extracting(query -> query.get("Name").asText())
        .containsExactly("Bridge2/Warnings and errors", "Bridge2/Connections lost and made");
  }

  /** Before the service is there no instance can be connected, and nobody has to be told of it. */
  @Test
  void aFirstDeploymentRaisesNoAlarm() {
    for (Variant variant : Variant.values()) {
      for (String name : List.of("mqnotconnected", "wsnotconnected")) {
        variant
            .bridge()
            .template()
            .get("Resources")
            .properties()
            .forEach(
                resource -> {
                  if (resource.getKey().startsWith("Alarms" + name)) {
                    assertThat(resource.getValue().get("DependsOn").get(0).asText())
                        .matches("FargateService\\w+|Ec2Group\\w+");
                  }
                });
      }
      assertThat(variant.bridge().all("AWS::CloudWatch::Alarm"))
          .filteredOn(alarm -> alarm.get("TreatMissingData").asText().equals("breaching"))
          .allMatch(alarm -> alarm.get("AlarmDescription").asText().contains("No bridge is"));
    }
  }

  /** The bridge's own lines: what it says of a message near the limit, and of one that it moved. */
  @Test
  void bothWarningsOfTheDeliveryLimitAreCounted() {
    String time = "2026-11-23T10:15:30.123Z ";
    String moved = "WARN  amqp        A message was moved to the dead letter queue  queue=a.dead";
    List<JsonNode> filters = filters("delivery_limit_warnings");

    assertThat(filters)
        .hasSize(2)
        .allSatisfy(
            filter -> {
              assertThat(Stack.text(filter.get("LogGroupName"))).contains("LogsBridge");
              assertThat(filter.at("/MetricTransformations/0/MetricNamespace").asText())
                  .isEqualTo("Bank/Bridge");
            });
    assertThat(
            Stream.of(
                    "WARN  amqp        " + RedeliveryWarning.of(10),
                    moved + " reason=" + Rejection.Reason.DELIVERY_LIMIT + " detail=\"...\"",
                    moved + " reason=" + Rejection.Reason.REFUSED + " detail=\"...\"",
                    "INFO  amqp        Queue to_ws has the argument x-delivery-limit")
                .map(line -> filters.stream().filter(filter -> finds(filter, time + line)).count()))
        .containsExactly(1L, 1L, 0L, 0L);
  }

  /** CloudWatch Logs User Guide, "Filter pattern syntax": all terms, quoted or single words. */
  private static boolean finds(JsonNode filter, String line) {
    return Pattern.compile("\"([^\"]*)\"|(\\S+)")
        .matcher(filter.get("FilterPattern").asText())
        .results()
        .map(term -> term.group(1) == null ? term.group(2) : term.group(1))
        .allMatch(line::contains);
  }

  /** The tester's own line, docs/tester.md. */
  @Test
  void aRoundTripIsOneThatLostNothing() {
    JsonNode filter = filters("canary_round_trips").get(0);

    assertThat(filter.get("FilterPattern").asText()).isEqualTo("\"lost 0, duplicated 0\"");
    assertThat(Stack.text(filter.get("LogGroupName"))).contains("LogsSmoke");
    JsonNode schedule = LARGE.bridge().resource("AWS::Scheduler::Schedule", "Canary");
    assertThat(schedule.at("/Properties/ScheduleExpression").asText())
        .isEqualTo("rate(15 minutes)");
    assertThat(schedule.at("/DependsOn/0").asText())
        .as("its first round trip is made at once, not before there is a user at the broker")
        .startsWith("FargateService");
    assertThat(Variant.DEV.bridge().count()).doesNotContainKey("AWS::Scheduler::Schedule");
  }

  private static List<JsonNode> filters(String metric) {
    return LARGE.bridge().all("AWS::Logs::MetricFilter").stream()
        .filter(filter -> filter.at("/MetricTransformations/0/MetricName").asText().equals(metric))
        .toList();
  }
}
