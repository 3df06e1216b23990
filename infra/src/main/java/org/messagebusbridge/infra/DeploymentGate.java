package org.messagebusbridge.infra;

import java.util.ArrayList;
import java.util.List;
import org.messagebusbridge.infra.Options.Service;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.CreateAlarmOptions;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.constructs.Construct;

/**
 * What a deployment of the service fails by, and goes back: ECS watches these alarms while it
 * replaces tasks, and then for its bake time, which it computes from their periods ("How CloudWatch
 * alarms detect Amazon ECS deployment failures", read on 26 November 2026). No value is no alarm:
 * in a first deployment there is none, and a bridge that does not start is the circuit breaker's.
 */
final class DeploymentGate extends Construct {
  private static final int MINUTES = 5;

  private final List<String> names = new ArrayList<>();
  private final String runbook;

  DeploymentGate(Construct scope, String id, Options options, BridgeMetrics metrics) {
    super(scope, id);
    runbook = options.watch().runbooks() + "/deployment-rolled-back.md";
    // Each instance has to be connected, but for those that stand by.
    String each = options.fleet().standby() ? "Maximum" : "Minimum";
    gate(
        "mq",
        "An instance is not connected to the broker",
        metrics.fleet(BridgeMetrics.MQ_CONNECTED, each),
        ComparisonOperator.LESS_THAN_THRESHOLD,
        1);
    if (options.peer() instanceof Service) {
      gate(
          "ws",
          "An instance is not connected to the WebSocket service",
          metrics.fleet(BridgeMetrics.WS_CONNECTED, each),
          ComparisonOperator.LESS_THAN_THRESHOLD,
          1);
    }
    gate(
        "backlog",
        "Messages wait that the instances do not take",
        metrics.fleet(BridgeMetrics.BACKLOG, "Maximum"),
        ComparisonOperator.GREATER_THAN_THRESHOLD,
        10 * FargateRunner.BACKLOG);
  }

  private void gate(
      String id, String what, Metric metric, ComparisonOperator comparison, int threshold) {
    names.add(
        metric
            .createAlarm(
                this,
                id,
                CreateAlarmOptions.builder()
                    .alarmDescription("Deployment: " + what + ". What to do: " + runbook)
                    .comparisonOperator(comparison)
                    .threshold(threshold)
                    .evaluationPeriods(MINUTES)
                    .treatMissingData(TreatMissingData.NOT_BREACHING)
                    .build())
            .getAlarmName());
  }

  List<String> names() {
    return names;
  }
}
