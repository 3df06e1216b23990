package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.infra.Options.Watch;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.CreateAlarmOptions;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;
import software.constructs.Construct;

/** What somebody has to be told of, and where it says what to do: a runbook for each alarm. */
final class Alarms extends Construct {
  private final Watch watch;
  private final BridgeMetrics metrics;
  private final Topic topic;

  /**
   * @param broker the stack's own broker, if it has one
   * @param hasPeer whether there is a WebSocket service
   */
  Alarms(Construct scope, String id, Watch watch, Optional<RabbitBroker> broker, boolean hasPeer) {
    super(scope, id);
    this.watch = watch;
    metrics = new BridgeMetrics(watch.namespace());
    topic = Topic.Builder.create(this, "Topic").enforceSsl(true).build();
    admitAlarms();
    watch
        .email()
        .ifPresent(email -> topic.addSubscription(EmailSubscription.Builder.create(email).build()));
    connections(hasPeer);
    messages();
    broker.ifPresent(this::broker);
  }

  /**
   * A topic with a policy of its own has lost the one by which its account's alarms could publish
   * (CloudWatch User Guide, "Amazon SNS permissions").
   */
  private void admitAlarms() {
    Stack stack = Stack.of(this);
    String alarms =
        stack.formatArn(
            ArnComponents.builder()
                .service("cloudwatch")
                .resource("alarm")
                .resourceName("*")
                .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                .build());
    topic.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid("AlarmsOfThisAccount")
            .principals(List.of(new ServicePrincipal("cloudwatch.amazonaws.com")))
            .actions(List.of("sns:Publish"))
            .resources(List.of(topic.getTopicArn()))
            .conditions(
                Map.of(
                    "StringEquals", Map.of("aws:SourceAccount", stack.getAccount()),
                    "ArnLike", Map.of("aws:SourceArn", alarms)))
            .build());
  }

  /**
   * The most connected instance counts, for with {@code ha_mode = standby} the others wait. Where
   * no instance runs there are no values, and that is the alarm too.
   */
  private void connections(boolean hasPeer) {
    alarm(
        "mq-not-connected",
        "No bridge is connected to the broker",
        metrics.fleet(BridgeMetrics.MQ_CONNECTED, "Maximum"),
        below(1).evaluationPeriods(5).treatMissingData(TreatMissingData.BREACHING));
    if (hasPeer) {
      alarm(
          "ws-not-connected",
          "No bridge is connected to the WebSocket service",
          metrics.fleet(BridgeMetrics.WS_CONNECTED, "Maximum"),
          below(1).evaluationPeriods(5).treatMissingData(TreatMissingData.BREACHING));
      alarm(
          "ws-flapping",
          "The WebSocket service is connected to again and again",
          tenMinutes(BridgeMetrics.WS_ATTEMPTS),
          above(20));
    }
    alarm(
        "logs-lost",
        "Log events of the bridge did not reach CloudWatch Logs",
        tenMinutes(BridgeMetrics.LOGS_LOST),
        above(0));
  }

  private void messages() {
    alarm(
        "to-ws-backlog",
        "Messages come in faster than the WebSocket service takes them",
        metrics.fleet(BridgeMetrics.TO_WS_DEPTH, "Maximum"),
        above(10_000).evaluationPeriods(10));
    alarm(
        "from-ws-backlog",
        "Nobody takes the messages that came from the WebSocket service",
        metrics.fleet(BridgeMetrics.FROM_WS_DEPTH, "Maximum"),
        above(10_000).evaluationPeriods(10));
    alarm(
        "to-ws-slow",
        "One message in a hundred takes longer than 5 seconds to the WebSocket service",
        metrics.fleet(BridgeMetrics.TO_WS_LATENCY, "p99"),
        above(5_000).evaluationPeriods(10));
    alarm(
        "dead-letters",
        "A message that the WebSocket service refuses was put aside",
        tenMinutes(BridgeMetrics.DEAD_LETTERED),
        above(0));
    alarm(
        "from-ws-rejected",
        "The broker refuses a message from the WebSocket service",
        tenMinutes(BridgeMetrics.FROM_WS_REJECTED),
        above(0));
  }

  /** Both at 80 % of the way to the broker's own alarm, at which it stops all who publish. */
  private void broker(RabbitBroker broker) {
    alarm(
        "broker-memory",
        "The broker is about to stop publishers for want of memory",
        ratio(
            "100 * used / limit",
            "memory used, % of the limit",
            broker.metric("RabbitMQMemUsed", "Maximum"),
            broker.metric("RabbitMQMemLimit", "Minimum")),
        above(80).evaluationPeriods(5));
    alarm(
        "broker-disk",
        "The broker is about to stop publishers for want of disk",
        ratio(
            "100 * limit / used",
            "least free disk, % of what is free",
            broker.metric("RabbitMQDiskFree", "Minimum"),
            broker.metric("RabbitMQDiskFreeLimit", "Maximum")),
        above(80).evaluationPeriods(5));
  }

  private static MathExpression ratio(String expression, String label, Metric used, Metric limit) {
    return MathExpression.Builder.create()
        .expression(expression)
        .label(label)
        .usingMetrics(Map.of("used", used, "limit", limit))
        .period(Duration.minutes(1))
        .build();
  }

  private Metric tenMinutes(String name) {
    return metrics.fleet(name, "Sum", Duration.minutes(10));
  }

  private static CreateAlarmOptions.Builder above(double limit) {
    return CreateAlarmOptions.builder()
        .threshold(limit)
        .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
        .evaluationPeriods(1)
        .treatMissingData(TreatMissingData.NOT_BREACHING);
  }

  private static CreateAlarmOptions.Builder below(double limit) {
    return above(limit).comparisonOperator(ComparisonOperator.LESS_THAN_THRESHOLD);
  }

  private void alarm(String name, String what, Metric metric, CreateAlarmOptions.Builder options) {
    announce(metric.createAlarm(this, name, described(name, what, options)));
  }

  private void alarm(
      String name, String what, MathExpression metric, CreateAlarmOptions.Builder options) {
    announce(metric.createAlarm(this, name, described(name, what, options)));
  }

  private CreateAlarmOptions described(
      String name, String what, CreateAlarmOptions.Builder options) {
    return options
        .alarmDescription(what + ". What to do: " + watch.runbooks() + "/" + name + ".md")
        .build();
  }

  /** Who is told. */
  ITopic topic() {
    return topic;
  }

  private void announce(Alarm alarm) {
    SnsAction action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
