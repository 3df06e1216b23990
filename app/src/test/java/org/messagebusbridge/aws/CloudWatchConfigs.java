package org.messagebusbridge.aws;

import java.time.Duration;
import java.util.Optional;
import org.messagebusbridge.config.CloudWatchConfig;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;

/** Where logs and metrics go to in tests. */
final class CloudWatchConfigs {
  static final String GROUP = "/mbb/test";
  static final String NAMESPACE = "mbb/test";

  private CloudWatchConfigs() {}

  static CloudWatchConfig of(AwsEndpoint aws, String stream, Duration resolution) {
    return new CloudWatchConfig(
        Optional.of(aws.region()),
        Optional.of(GROUP),
        Optional.of(stream),
        14,
        Optional.of(NAMESPACE),
        resolution);
  }
}
