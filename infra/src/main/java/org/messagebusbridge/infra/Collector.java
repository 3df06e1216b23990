package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * The AWS Distro for OpenTelemetry beside the bridge: it scrapes {@code /metrics} on loopback into
 * CloudWatch, and takes traces on loopback for X-Ray.
 */
record Collector(Capabilities given) {
  /** Puts it into a task; the task goes on when it ends. */
  void beside(FargateTaskDefinition task) {
    Optional<String> image = given.options().images().collector();
    if (image.isEmpty()) {
      return;
    }
    String group = given.base().logs().bridge().getLogGroupName();
    task.addContainer(
        "collector",
        ContainerDefinitionOptions.builder()
            .containerName("collector")
            .image(Image.ofOthers(task, image.get()))
            .essential(false)
            .environment(
                new TreeMap<>(
                    Map.of(
                        "AWS_REGION",
                        Stack.of(task).getRegion(),
                        "AOT_CONFIG_CONTENT",
                        configuration(group))))
            .readonlyRootFilesystem(true)
            .logging(Tasks.logs(given.base().logs().bridge(), "collector"))
            .build());
    given
        .role()
        .addToPrincipalPolicy(
            PolicyStatement.Builder.create()
                .sid("Traces")
                .actions(List.of("xray:PutTraceSegments", "xray:PutTelemetryRecords"))
                // AWS knows no resource for either.
                .resources(List.of("*"))
                .build());
    given
        .role()
        .addToPrincipalPolicy(
            PolicyStatement.Builder.create()
                .sid("FindLogs")
                .actions(List.of("logs:DescribeLogStreams"))
                .resources(List.of(given.base().logs().bridge().getLogGroupArn()))
                .build());
  }

  /** For {@code AOT_CONFIG_CONTENT}; the metrics are embedded in log events. */
  private String configuration(String group) {
    return """
    receivers:
      prometheus:
        config:
          scrape_configs:
            - job_name: messagebusbridge
              scrape_interval: 60s
              static_configs:
                - targets: ['localhost:%d']
      otlp:
        protocols:
          http:
            endpoint: localhost:4318
    exporters:
      awsemf:
        namespace: %s
        log_group_name: %s
        log_stream_name: otel/{TaskId}
      awsxray: {}
    service:
      pipelines:
        metrics:
          receivers: [prometheus]
          exporters: [awsemf]
        traces:
          receivers: [otlp]
          exporters: [awsxray]
    """
        .formatted(Parameters.HEALTH_PORT, given.options().watch().namespace() + "/otel", group);
  }
}
