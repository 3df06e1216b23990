package org.messagebusbridge.config;

import java.time.Duration;

/** The keys of section {@code aws_cloudwatch}. */
public final class CloudWatchKeys {
  /** The section. */
  public static final Section SECTION =
      new Section(
          "aws_cloudwatch", "CloudWatch, for -l (logs) and -m (metrics)", CloudWatchKeys::check);

  public static final Key<String> REGION =
      SECTION.optional(
          "cw_region",
          AwsTypes.region(),
          "required with -l or -m",
          "us-east-1",
          "The AWS region of logs and metrics");
  public static final Key<String> LOG_GROUP =
      SECTION.optional(
          "cw_log_group",
          AwsTypes.logGroup(),
          "required with -l",
          "messagebusbridge",
          "The log group");
  public static final Key<String> LOG_STREAM =
      SECTION.optional(
          "cw_log_stream", AwsTypes.logStream(), "required with -l", "bridge", "The log stream");
  public static final Key<Integer> RETENTION_DAYS =
      SECTION.standard(
          "cw_retention_days",
          Types.oneOfNumbers(AwsTypes.RETENTION_DAYS),
          "30",
          "How long CloudWatch keeps the logs, in days");
  public static final Key<String> METRICS_NAMESPACE =
      SECTION.optional(
          "cw_metrics_namespace",
          AwsTypes.metricsNamespace(),
          "required with -m",
          "messagebusbridge",
          "The namespace of the metrics");
  public static final Key<Duration> METRICS_RESOLUTION =
      SECTION.standard(
          "cw_metrics_resolution",
          Types.seconds(1, 3600),
          "10",
          "Time between two values of a metric, in seconds");

  private CloudWatchKeys() {}

  private static void check(Values values) {
    boolean logs = values.requirements().cloudWatchLogs();
    boolean metrics = values.requirements().cloudWatchMetrics();
    String why = logs ? "-l needs it" : "-m needs it";
    if (logs || metrics) {
      values.required(REGION, why);
    }
    if (logs) {
      values.required(LOG_GROUP, why);
      values.required(LOG_STREAM, why);
    }
    if (metrics) {
      values.required(METRICS_NAMESPACE, "-m needs it");
    }
  }
}
