package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.messagebusbridge.infra.Variant.EXISTING_BROKER;
import static org.messagebusbridge.infra.Variant.LARGE;
import static org.messagebusbridge.infra.Variant.STANDARD;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.messagebusbridge.config.Keys;
import org.messagebusbridge.config.Section;

/** The parameters and the rights of the bridge. */
class ConfigurationTest {

  @ParameterizedTest
  @EnumSource
  void everyParameterIsAKeyOfTheBridgeAndNoneIsASecret(Variant variant) {
    assertThat(parameters(variant).keySet())
        .allSatisfy(
            name -> {
              String[] parts = name.split("/", -1);
              assertThat(parts).hasSize(2);
              Section section = Section.named(parts[0]).orElseThrow();
              assertThat(Keys.find(section, parts[1]).orElseThrow().secret()).isFalse();
            });
  }

  @Test
  void theBridgeIsToldOfItsBrokerItsPeerAndItsLog() {
    assertThat(parameters(LARGE))
        .containsEntry("aws_mq/mq_port", "5671")
        .containsEntry("aws_mq/mq_qname_to_ws", "orders")
        .containsEntry("aws_mq/mq_qname_from_ws", "fills")
        .containsEntry("ws_api/api_host", "wss://api.example.com")
        .containsEntry("ws_api/api_uri", "/v1/socket")
        .containsEntry(
            "ws_api/ws_secret_arn",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:peer-AbCdEf")
        .containsEntry("aws_cloudwatch/cw_region", "${AWS::Region}")
        .containsEntry("aws_cloudwatch/cw_log_stream", "bridge/{instance_id}")
        .containsEntry("aws_cloudwatch/cw_retention_days", "365")
        .containsEntry("aws_cloudwatch/cw_metrics_namespace", "Bank/Bridge")
        .containsEntry("bridge/http_port", "8080");
    assertThat(parameters(LARGE).get("aws_mq/mq_secret_arn")).startsWith("${BrokerLogin");
    assertThat(parameters(LARGE).get("aws_cloudwatch/cw_log_group")).startsWith("${LogsGroup");
    assertThat(parameters(EXISTING_BROKER))
        .containsEntry("aws_mq/mq_host", "rabbit.example.com")
        .containsEntry("aws_mq/mq_port", "5672");
    assertThat(parameters(STANDARD).keySet()).noneMatch(name -> name.startsWith("ws_api/"));
  }

  @Test
  void theBrokersHostIsTakenOutOfItsEndpoint() {
    JsonNode host =
        STANDARD.bridge().all("AWS::SSM::Parameter").stream()
            .filter(parameter -> parameter.get("Name").asText().endsWith("/mq_host"))
            .findFirst()
            .orElseThrow()
            .get("Value");

    assertThat(host.toString().replaceAll("\"Broker\\w+\"", "\"Broker\""))
        .isEqualTo(
            "{\"Fn::Select\":[0,{\"Fn::Split\":[\":\",{\"Fn::Select\":[1,{\"Fn::Split\":[\"://\","
                + "{\"Fn::Select\":[0,{\"Fn::GetAtt\":[\"Broker\",\"AmqpEndpoints\"]}]}]}]}]}]}");
  }

  @Test
  void theBridgeMayDoWhatItCallsAndNothingElse() {
    assertThat(rights(LARGE, "BridgeRole"))
        .containsExactly(
            "cloudwatch:PutMetricData on *",
            "logs:CreateLogStream on ${LogsGroup.Arn}",
            "logs:PutLogEvents on ${LogsGroup.Arn}",
            "secretsmanager:GetSecretValue on"
                + " arn:aws:secretsmanager:us-east-1:123456789012:secret:peer-AbCdEf,"
                + " ${BrokerLogin}",
            "ssm:GetParameter on"
                + " arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}"
                + ":parameter/mq2wsbridge/*",
            "ssm:GetParametersByPath on"
                + " arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}"
                + ":parameter/mq2wsbridge");
    JsonNode metrics =
        LARGE.bridge().all("AWS::IAM::Policy").stream()
            .flatMap(policy -> policy.at("/PolicyDocument/Statement").valueStream())
            .filter(statement -> statement.path("Sid").asText().equals("PublishMetrics"))
            .findFirst()
            .orElseThrow();
    assertThat(metrics.at("/Condition/StringEquals/cloudwatch:namespace").asText())
        .isEqualTo("Bank/Bridge");
  }

  @Test
  void theTesterMayReadTheConfigurationAndTheBrokersLogin() {
    assertThat(rights(LARGE, "TesterRole"))
        .containsExactly(
            "secretsmanager:GetSecretValue on ${BrokerLogin}",
            "ssm:GetParameter on"
                + " arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}"
                + ":parameter/mq2wsbridge/*",
            "ssm:GetParametersByPath on"
                + " arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}"
                + ":parameter/mq2wsbridge");
  }

  private static List<String> rights(Variant variant, String role) {
    return variant.bridge().rights(role).stream()
        .map(right -> right.replaceAll("(\\$\\{[A-Z]\\w+?)[0-9A-F]{8}", "$1"))
        .toList();
  }

  private static Map<String, String> parameters(Variant variant) {
    Map<String, String> values = new TreeMap<>();
    for (JsonNode parameter : variant.bridge().all("AWS::SSM::Parameter")) {
      assertThat(parameter.get("Type").asText()).isEqualTo("String");
      assertThat(parameter.get("Name").asText()).startsWith("/mq2wsbridge/");
      values.put(
          parameter.get("Name").asText().substring("/mq2wsbridge/".length()),
          Stack.text(parameter.get("Value")));
    }
    return values;
  }
}
