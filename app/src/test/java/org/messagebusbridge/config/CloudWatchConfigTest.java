package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CloudWatchConfigTest {
  @Test
  void hasTheseDefaults() throws ConfigurationException {
    assertThat(Configurations.load(Configurations.MINIMAL).configuration().cloudWatch())
        .isEqualTo(
            new CloudWatchConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                30,
                Optional.empty(),
                Duration.ofSeconds(10)));
  }

  @Test
  void readsEveryKey() throws ConfigurationException {
    String ini =
        Configurations.MINIMAL
            + """
            [aws_cloudwatch]
            cw_region=us-gov-west-1
            cw_log_group=/group.1/a_b#c
            cw_log_stream=stream 1
            cw_retention_days=3653
            cw_metrics_namespace=My/Space: #1
            cw_metrics_resolution=1
            """;

    assertThat(Keys.of(Section.AWS_CLOUDWATCH))
        .allSatisfy(known -> assertThat(ini).contains("\n" + known.name() + "="));
    assertThat(
            Configurations.load(ini, Map.of(), Requirements.bridge(false, true, true))
                .configuration()
                .cloudWatch())
        .isEqualTo(
            new CloudWatchConfig(
                Optional.of("us-gov-west-1"),
                Optional.of("/group.1/a_b#c"),
                Optional.of("stream 1"),
                3653,
                Optional.of("My/Space: #1"),
                Duration.ofSeconds(1)));
  }
}
