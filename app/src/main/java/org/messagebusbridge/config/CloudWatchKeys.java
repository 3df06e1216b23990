package org.messagebusbridge.config;

import static org.messagebusbridge.config.Section.AWS_CLOUDWATCH;

import java.time.Duration;
import java.util.List;

/** The keys of section {@code aws_cloudwatch}. */
final class CloudWatchKeys {
  static final Key<String> REGION =
      Key.optional(
          AWS_CLOUDWATCH,
          "cw_region",
          AwsTypes.region(),
          "required with -l or -m",
          "us-east-1",
          "The AWS region of logs and metrics");
  static final Key<String> LOG_GROUP =
      Key.optional(
          AWS_CLOUDWATCH,
          "cw_log_group",
          AwsTypes.logGroup(),
          "required with -l",
          "messagebusbridge",
          "The log group");
  static final Key<String> LOG_STREAM =
      Key.optional(
          AWS_CLOUDWATCH,
          "cw_log_stream",
          AwsTypes.logStream(),
          "required with -l",
          "bridge",
          "The log stream");
  static final Key<Integer> RETENTION_DAYS =
      Key.standard(
          AWS_CLOUDWATCH,
          "cw_retention_days",
          Types.oneOfNumbers(AwsTypes.RETENTION_DAYS),
          "30",
          "How long CloudWatch keeps the logs, in days");
  static final Key<String> METRICS_NAMESPACE =
      Key.optional(
          AWS_CLOUDWATCH,
          "cw_metrics_namespace",
          AwsTypes.metricsNamespace(),
          "required with -m",
          "messagebusbridge",
          "The namespace of the metrics");
  static final Key<Duration> METRICS_RESOLUTION =
      Key.standard(
          AWS_CLOUDWATCH,
          "cw_metrics_resolution",
          Types.seconds(1, 3600),
          "10",
          "Time between two values of a metric, in seconds");

  static final List<Key<?>> ALL =
      List.of(REGION, LOG_GROUP, LOG_STREAM, RETENTION_DAYS, METRICS_NAMESPACE, METRICS_RESOLUTION);

  private CloudWatchKeys() {}
}
