package org.messagebusbridge.aws;

import java.time.Duration;
import org.messagebusbridge.config.CloudWatchKeys;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;

/** Where logs and metrics go to in tests. */
final class CloudWatchConfigs {
  static final String GROUP = "/mbb/test";
  static final String NAMESPACE = "mbb/test";

  private CloudWatchConfigs() {}

  static Configuration of(AwsEndpoint aws, String stream, Duration resolution) {
    return Configuration.DEFAULTS
        .with(CloudWatchKeys.REGION, aws.region())
        .with(CloudWatchKeys.LOG_GROUP, GROUP)
        .with(CloudWatchKeys.LOG_STREAM, stream)
        .with(CloudWatchKeys.RETENTION_DAYS, 14)
        .with(CloudWatchKeys.METRICS_NAMESPACE, NAMESPACE)
        .with(CloudWatchKeys.METRICS_RESOLUTION, resolution);
  }
}
