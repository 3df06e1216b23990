package org.messagebusbridge.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.junit.Needs;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/** Every service that the bridge calls, as it calls it. */
class AwsSessionTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @BeforeAll
  static void needsAnEmulator() {
    Needs.aws();
  }

  @Test
  void callsEachServiceAtTheEndpoint() {
    try (AwsEndpoint aws = AwsEndpoint.open()) {
      AwsSession session = Sessions.of(aws);
      try (SsmClient ssm = session.client(SsmClient.builder(), Optional.empty(), TIMEOUT)) {
        ssm.putParameter(
            put -> put.name("/mq2wsbridge/a").value("1").type(ParameterType.SECURE_STRING));
        assertThat(
                ssm.getParametersByPath(get -> get.path("/mq2wsbridge").withDecryption(true))
                    .parameters())
            .singleElement()
            .satisfies(parameter -> assertThat(parameter.value()).isEqualTo("1"));
      }
      try (SecretsManagerClient secrets =
          session.client(SecretsManagerClient.builder(), Optional.empty(), TIMEOUT)) {
        String arn = secrets.createSecret(create -> create.name("s").secretString("{}")).arn();
        assertThat(secrets.getSecretValue(get -> get.secretId(arn)).secretString()).isEqualTo("{}");
      }
      try (CloudWatchLogsClient logs =
          session.client(CloudWatchLogsClient.builder(), Optional.empty(), TIMEOUT)) {
        logs.createLogGroup(create -> create.logGroupName("g"));
        logs.createLogStream(create -> create.logGroupName("g").logStreamName("s"));
        logs.putLogEvents(
            put ->
                put.logGroupName("g")
                    .logStreamName("s")
                    .logEvents(
                        InputLogEvent.builder()
                            .timestamp(Instant.now().toEpochMilli())
                            .message("hello")
                            .build()));
        assertThat(logs.getLogEvents(get -> get.logGroupName("g").logStreamName("s")).events())
            .singleElement()
            .satisfies(event -> assertThat(event.message()).isEqualTo("hello"));
      }
      try (CloudWatchClient metrics =
          session.client(CloudWatchClient.builder(), Optional.empty(), TIMEOUT)) {
        metrics.putMetricData(
            put ->
                put.namespace("mbb")
                    .metricData(MetricDatum.builder().metricName("a").value(1.0).build()));
        assertThat(metrics.listMetrics(list -> list.namespace("mbb")).metrics()).hasSize(1);
      }
      assertThat(aws.traffic().counts())
          .containsOnly(
              Map.entry("cloudwatch:ListMetrics", 1),
              Map.entry("cloudwatch:PutMetricData", 1),
              Map.entry("logs:CreateLogGroup", 1),
              Map.entry("logs:CreateLogStream", 1),
              Map.entry("logs:GetLogEvents", 1),
              Map.entry("logs:PutLogEvents", 1),
              Map.entry("secretsmanager:CreateSecret", 1),
              Map.entry("secretsmanager:GetSecretValue", 1),
              Map.entry("ssm:GetParametersByPath", 1),
              Map.entry("ssm:PutParameter", 1));
      assertThat(
              aws.traffic()
                  .calls("cloudwatch:PutMetricData")
                  .getFirst()
                  .request()
                  .at("/MetricData/0/Value")
                  .asDouble())
          .isEqualTo(1.0);
    }
  }
}
