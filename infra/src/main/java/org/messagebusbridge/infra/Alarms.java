package org.messagebusbridge.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.infra.Options.Service;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.CreateAlarmOptions;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.logs.FilterPattern;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.MetricFilter;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;
import software.constructs.IConstruct;

/** What somebody has to be told of, and where it says what to do: a runbook for each alarm. */
final class Alarms extends Construct {
  private final Options options;
  private final BridgeMetrics metrics;
  private final ITopic topic;
  private final List<Alarm> all = new ArrayList<>();

  /**
   * @param base whose broker and logs are watched
   * @param runner whose start those wait for that would speak until it is there
   */
  Alarms(
      Construct scope, String id, Options options, BaseStack base, Topic topic, IConstruct runner) {
    super(scope, id);
    this.options = options;
    this.topic = topic.topic();
    metrics = new BridgeMetrics(options.watch().namespace());
    connections(runner);
    messages();
    deliveryLimit(base.logs());
    if (options.watch().canaryMinutes() > 0) {
      canary(base.logs());
    }
    base.ownBroker().ifPresent(this::broker);
  }

  /**
   * The most connected instance counts, for with {@code ha_mode = standby} the others wait. Where
   * no instance runs there are no values, and that is the alarm too.
   */
  private void connections(IConstruct runner) {
    boolean hasPeer = options.peer() instanceof Service;
    Alarm mq =
        alarm(
            "mq-not-connected",
            "No bridge is connected to the broker",
            metrics.fleet(BridgeMetrics.MQ_CONNECTED, "Maximum"),
            below(1).evaluationPeriods(5).treatMissingData(TreatMissingData.BREACHING));
    mq.getNode().addDependency(runner);
    if (hasPeer) {
      Alarm ws =
          alarm(
              "ws-not-connected",
              "No bridge is connected to the WebSocket service",
              metrics.fleet(BridgeMetrics.WS_CONNECTED, "Maximum"),
              below(1).evaluationPeriods(5).treatMissingData(TreatMissingData.BREACHING));
      ws.getNode().addDependency(runner);
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

  /**
   * A quorum queue of RabbitMQ 4.x that somebody else made drops a message at its 21st delivery;
   * the bridge warns of it, says how to set the limit, and moves the message before. A filter finds
   * lines that have all of its terms, so each of the two warnings has one, of the same metric.
   */
  private void deliveryLimit(Logs logs) {
    String name = "delivery_limit_warnings";
    counted(
        logs.bridge(),
        "DeliveryLimitMoved",
        name,
        "WARN \"reason=" + Rejection.Reason.DELIVERY_LIMIT + "\"");
    alarm(
        "delivery-limit",
        "A queue is about to drop a message that was delivered again and again",
        counted(logs.bridge(), "DeliveryLimit", name, "WARN \"delivery-limit\"")
            .with(MetricOptions.builder().statistic("Sum").period(Duration.minutes(10)).build()),
        above(0));
  }

  /**
   * As long as there was none there is no value, and so no alarm; what stops later is told, too.
   */
  private void canary(Logs logs) {
    int minutes = options.watch().canaryMinutes();
    Alarm alarm =
        alarm(
            "canary-failed",
            "A round trip through the smoke queues did not come back",
            counted(logs.smoke(), "Canary", "canary_round_trips", "\"lost 0, duplicated 0\"")
                .with(
                    MetricOptions.builder()
                        .statistic("Maximum")
                        .period(Duration.minutes(2 * minutes))
                        .build()),
            below(1).treatMissingData(TreatMissingData.MISSING));
    alarm.addInsufficientDataAction(new SnsAction(topic));
  }

  /** The number of lines, 0 included, by CloudWatch's filter patterns for text. */
  private Metric counted(ILogGroup group, String id, String name, String pattern) {
    return MetricFilter.Builder.create(this, id)
        .logGroup(group)
        .metricNamespace(metrics.namespace())
        .metricName(name)
        .filterPattern(FilterPattern.literal(pattern))
        .metricValue("1")
        .defaultValue(0)
        .build()
        .metric();
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

  private Alarm alarm(String name, String what, Metric metric, CreateAlarmOptions.Builder options) {
    return announced(metric.createAlarm(this, name, described(name, what, options)));
  }

  private Alarm alarm(
      String name, String what, MathExpression metric, CreateAlarmOptions.Builder options) {
    return announced(metric.createAlarm(this, name, described(name, what, options)));
  }

  private CreateAlarmOptions described(String name, String what, CreateAlarmOptions.Builder alarm) {
    return alarm
        .alarmDescription(what + ". What to do: " + options.watch().runbooks() + "/" + name + ".md")
        .build();
  }

  private Alarm announced(Alarm alarm) {
    SnsAction action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    all.add(alarm);
    return alarm;
  }

  /** In the order in which they are looked at. */
  List<Alarm> all() {
    return all;
  }
}
