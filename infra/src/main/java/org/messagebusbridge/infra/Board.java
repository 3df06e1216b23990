package org.messagebusbridge.infra;

import java.util.List;
import java.util.Optional;
import org.messagebusbridge.infra.Options.Watch;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.LogQueryWidget;
import software.amazon.awscdk.services.cloudwatch.PeriodOverride;
import software.constructs.Construct;

/**
 * The dashboard: both directions side by side, then both sides, the broker, and what was logged.
 */
final class Board extends Construct {
  private static final int HALF = 12;

  private final BridgeMetrics metrics;
  private final Dashboard dashboard;

  Board(Construct scope, String id, Watch watch, Logs logs, Optional<RabbitBroker> broker) {
    super(scope, id);
    metrics = new BridgeMetrics(watch.namespace());
    dashboard =
        Dashboard.Builder.create(this, "Dashboard")
            .dashboardName(Stack.of(this).getStackName())
            .periodOverride(PeriodOverride.INHERIT)
            .build();
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
    broker.ifPresent(
        own ->
            row(
                graph(
                    "Broker: memory",
                    own.metric("RabbitMQMemUsed", "Maximum"),
                    own.metric("RabbitMQMemLimit", "Minimum")),
                graph("Broker: processor, %", own.metric("SystemCpuUtilization", "Maximum"))));
    dashboard.addWidgets(
        LogQueryWidget.Builder.create()
            .title("Warnings and errors")
            .logGroupNames(List.of(logs.group().getLogGroupName()))
            .queryLines(
                List.of(
                    "fields @timestamp, @message",
                    "filter @message like /WARN|ERROR/",
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

  private IMetric sum(String name) {
    return metrics.fleet(name, "Sum");
  }

  private IMetric most(String name) {
    return metrics.fleet(name, "Maximum");
  }

  private IMetric[] percentiles(String name) {
    return new IMetric[] {
      metrics.fleet(name, "p50"), metrics.fleet(name, "p99"), metrics.fleet(name, "Maximum")
    };
  }
}
