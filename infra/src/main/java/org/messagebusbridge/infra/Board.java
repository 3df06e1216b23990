package org.messagebusbridge.infra;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.AlarmStatusWidget;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.LogQueryWidget;
import software.amazon.awscdk.services.cloudwatch.PeriodOverride;
import software.amazon.awscdk.services.cloudwatch.TextWidget;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.logs.QueryDefinition;
import software.amazon.awscdk.services.logs.QueryString;
import software.constructs.Construct;

/**
 * The dashboard: what to look at first and the alarms, then both directions side by side, both
 * sides, what runs the bridge, the broker, and what was logged. Its queries are saved, too.
 */
final class Board extends Construct {
  private static final int HALF = 12;

  private final BridgeMetrics metrics;
  private final Dashboard dashboard;
  private final String name;

  Board(
      Construct scope,
      String id,
      Options options,
      BaseStack base,
      Cluster cluster,
      BridgeRunner runner,
      Alarms alarms) {
    super(scope, id);
    metrics = new BridgeMetrics(options.watch().namespace());
    // By region, for CloudWatch's names of dashboards are the account's.
    name = options.stackName() + "-" + Stack.of(this).getRegion();
    dashboard =
        Dashboard.Builder.create(this, "Dashboard")
            .dashboardName(name)
            .periodOverride(PeriodOverride.INHERIT)
            .build();
    dashboard.addWidgets(first(options), states(alarms));
    directions();
    sides();
    runners(runner);
    base.ownBroker().ifPresent(this::broker);
    queries(options, base);
  }

  private static TextWidget first(Options options) {
    return TextWidget.Builder.create()
        .markdown(
            """
            # %s
            1. Is an alarm red? Its text leads to what to do.
            2. *Connections*: is each side at 1?
            3. *Waiting in the queues*: does it go up? Then compare *messages a minute* with *in flight*.
            4. *Not delivered at once*, and the warnings below, say why.

            [Runbooks](%s)
            """
                .formatted(options.stackName(), options.watch().runbooks()))
        .width(HALF)
        .height(6)
        .build();
  }

  private static AlarmStatusWidget states(Alarms alarms) {
    return AlarmStatusWidget.Builder.create()
        .title("Alarms")
        .alarms(alarms.all())
        .width(HALF)
        .height(6)
        .build();
  }

  private void directions() {
    row(
        graph("MQ to WebSocket: messages a minute", sum(BridgeMetrics.TO_WS)),
        graph("WebSocket to MQ: messages a minute", sum(BridgeMetrics.FROM_WS)));
    row(
        graph("MQ to WebSocket: latency, ms", percentiles(BridgeMetrics.TO_WS_LATENCY)),
        graph("WebSocket to MQ: latency, ms", percentiles(BridgeMetrics.FROM_WS_LATENCY)));
    row(
        graph(
            "Waiting in the queues",
            most(BridgeMetrics.TO_WS_DEPTH),
            most(BridgeMetrics.FROM_WS_DEPTH),
            most(BridgeMetrics.BACKLOG)),
        graph(
            "In flight", sum(BridgeMetrics.TO_WS_IN_FLIGHT), sum(BridgeMetrics.FROM_WS_IN_FLIGHT)));
  }

  private void sides() {
    row(
        graph(
            "Not delivered at once",
            sum(BridgeMetrics.REQUEUED),
            sum(BridgeMetrics.REDELIVERED),
            sum(BridgeMetrics.DEAD_LETTERED),
            sum(BridgeMetrics.FROM_WS_REJECTED)),
        graph(
            "Connections",
            most(BridgeMetrics.MQ_CONNECTED),
            most(BridgeMetrics.WS_CONNECTED),
            sum(BridgeMetrics.MQ_ATTEMPTS),
            sum(BridgeMetrics.WS_ATTEMPTS)));
  }

  private void runners(BridgeRunner runner) {
    if (runner instanceof FargateRunner fargate) {
      row(
          graph("Tasks: processor, %", fargate.service().metricCpuUtilization()),
          graph("Tasks: memory, %", fargate.service().metricMemoryUtilization()));
    }
  }

  private void broker(RabbitBroker own) {
    row(
        graph(
            "Broker: memory",
            own.metric("RabbitMQMemUsed", "Maximum"),
            own.metric("RabbitMQMemLimit", "Minimum")),
        graph("Broker: processor, %", own.metric("SystemCpuUtilization", "Maximum")));
    row(
        graph(
            "Broker: free disk",
            own.metric("RabbitMQDiskFree", "Minimum"),
            own.metric("RabbitMQDiskFreeLimit", "Maximum")),
        graph(
            "Broker: connections, channels, queues",
            own.metric("ConnectionCount", "Maximum"),
            own.metric("ChannelCount", "Maximum"),
            own.metric("QueueCount", "Maximum")));
  }

  private void queries(Options options, BaseStack base) {
    Map.of(
            "Warnings and errors", "@message like /WARN|ERROR/",
            "Connections lost and made", "@message like /Connected|Disconnected|lost/")
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
        .forEach(query -> query(options, base, query.getKey(), query.getValue()));
  }

  private void query(Options options, BaseStack base, String title, String filter) {
    QueryDefinition.Builder.create(this, title.replace(" ", ""))
        .queryDefinitionName(options.stackName() + "/" + title)
        .queryString(
            QueryString.Builder.create()
                .fields(List.of("@timestamp", "@message"))
                .filterStatements(List.of(filter))
                .sort("@timestamp desc")
                .limit(50)
                .build())
        .logGroups(List.of(base.logs().bridge()))
        .build();
    dashboard.addWidgets(
        LogQueryWidget.Builder.create()
            .title(title)
            .logGroupNames(List.of(base.logs().bridge().getLogGroupName()))
            .queryLines(
                List.of(
                    "fields @timestamp, @message",
                    "filter " + filter,
                    "sort @timestamp desc",
                    "limit 50"))
            .width(2 * HALF)
            .build());
  }

  private void row(IWidget left, IWidget right) {
    dashboard.addWidgets(left, right);
  }

  private static GraphWidget graph(String title, IMetric... metrics) {
    return GraphWidget.Builder.create().title(title).left(List.of(metrics)).width(HALF).build();
  }

  private IMetric sum(String metric) {
    return metrics.fleet(metric, "Sum");
  }

  private IMetric most(String metric) {
    return metrics.fleet(metric, "Maximum");
  }

  private IMetric[] percentiles(String metric) {
    return new IMetric[] {
      metrics.fleet(metric, "p50"), metrics.fleet(metric, "p99"), metrics.fleet(metric, "Maximum")
    };
  }

  String name() {
    return name;
  }
}
