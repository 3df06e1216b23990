package org.messagebusbridge.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Section {@code aws_cloudwatch}: where logs and metrics go when they go to CloudWatch.
 *
 * @param region {@code cw_region}
 * @param logGroup {@code cw_log_group}
 * @param logStream {@code cw_log_stream}
 * @param retentionDays {@code cw_retention_days}
 * @param metricsNamespace {@code cw_metrics_namespace}
 * @param metricsResolution {@code cw_metrics_resolution}
 */
public record CloudWatchConfig(
    Optional<String> region,
    Optional<String> logGroup,
    Optional<String> logStream,
    int retentionDays,
    Optional<String> metricsNamespace,
    Duration metricsResolution) {

  public CloudWatchConfig {
    Check.that(
        AwsTypes.RETENTION_DAYS.contains(retentionDays),
        "retentionDays has to be one of those of CloudWatch");
    Check.positive("metricsResolution", metricsResolution);
  }
}
