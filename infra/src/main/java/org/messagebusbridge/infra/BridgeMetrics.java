package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * The metrics of the whole fleet that the bridge publishes with its option {@code -m}; those of one
 * instance have dimensions, these have none. {@code docs/observability.md} has them one by one.
 */
final class BridgeMetrics {
  static final String MQ_CONNECTED = "mq_connected";
  static final String WS_CONNECTED = "ws_connected";
  static final String WS_ATTEMPTS = "ws_connection_attempts_recent";
  static final String MQ_ATTEMPTS = "mq_connection_attempts_recent";
  static final String TO_WS = "to_ws_recent";
  static final String FROM_WS = "from_ws_recent";
  static final String TO_WS_LATENCY = "to_ws_latency";
  static final String FROM_WS_LATENCY = "from_ws_latency";
  static final String TO_WS_IN_FLIGHT = "to_ws_in_flight";
  static final String FROM_WS_IN_FLIGHT = "from_ws_in_flight";
  static final String REQUEUED = "to_ws_requeued";
  static final String REDELIVERED = "to_ws_redelivered";
  static final String DEAD_LETTERED = "to_ws_dead_lettered";
  static final String FROM_WS_REJECTED = "from_ws_rejected";
  static final String TO_WS_DEPTH = "to_ws_queue_depth";
  static final String FROM_WS_DEPTH = "from_ws_queue_depth";
  static final String BACKLOG = "to_ws_backlog_per_instance";
  static final String LOGS_LOST = "log_events_lost";

  private final String namespace;

  BridgeMetrics(String namespace) {
    this.namespace = namespace;
  }

  /** One of the names above, over a minute. */
  Metric fleet(String name, String statistic) {
    return fleet(name, statistic, Duration.minutes(1));
  }

  Metric fleet(String name, String statistic, Duration period) {
    return Metric.Builder.create()
        .namespace(namespace)
        .metricName(name)
        .dimensionsMap(Map.of())
        .statistic(statistic)
        .period(period)
        .build();
  }

  /**
   * Publishing them, as {@code -m} does: AWS knows no resource for it, so the namespace narrows it.
   */
  void grantPublish(IGrantable who) {
    who.getGrantPrincipal()
        .addToPrincipalPolicy(
            PolicyStatement.Builder.create()
                .sid("PublishMetrics")
                .actions(List.of("cloudwatch:PutMetricData"))
                .resources(List.of("*"))
                .conditions(Map.of("StringEquals", Map.of("cloudwatch:namespace", namespace)))
                .build());
  }

  String namespace() {
    return namespace;
  }
}
