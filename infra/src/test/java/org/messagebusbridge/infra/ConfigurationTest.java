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
  private static final String KEY =
      "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final String PARAMETERS =
      "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/messagebusbridge/Bridge2";

  @ParameterizedTest
  @EnumSource
  void everyParameterIsAKeyOfTheBridgeAndNoneIsASecret(Variant variant) {
    assertThat(parameters(variant).keySet())
        .allSatisfy(
            name -> {
              String[] parts = name.split("/", -1);
              assertThat(parts).hasSize(2);
              Section section = Keys.section(parts[0]).orElseThrow();
              assertThat(section.find(parts[1]).orElseThrow().secret()).isFalse();
            });
  }

  @Test
  void theBridgeIsToldOfItsBrokerItsPeerAndItsLog() {
    assertThat(parameters(LARGE))
        .containsEntry("aws_mq/mq_port", "5671")
        .containsEntry("aws_mq/mq_queue_type", "quorum")
        .containsEntry("ws_api/ws_max_message_bytes", "1048576")
        .containsEntry("aws_mq/mq_qname_to_ws", "orders")
        .containsEntry("aws_mq/mq_qname_from_ws", "fills")
        .containsEntry("ws_api/api_host", "wss://api.example.com:8443")
        .containsEntry("ws_api/api_uri", "/v1/socket")
        .containsEntry(
            "ws_api/ws_secret_arn",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:peer-AbCdEf")
        .containsEntry("aws_cloudwatch/cw_region", "${AWS::Region}")
        .containsEntry("aws_cloudwatch/cw_log_stream", "bridge/{instance_id}")
        .containsEntry("aws_cloudwatch/cw_retention_days", "365")
        .containsEntry("aws_cloudwatch/cw_metrics_namespace", "Bank/Bridge")
        .containsEntry("bridge/http_port", "8080");
    assertThat(parameters(LARGE).get("aws_mq/mq_secret_arn"))
        .contains("ExportsOutputRefBrokerLogin");
    assertThat(parameters(LARGE).get("aws_cloudwatch/cw_log_group"))
        .contains("ExportsOutputRefLogsBridge");
    assertThat(parameters(EXISTING_BROKER))
        .containsEntry("aws_mq/mq_host", "rabbit.example.com")
        .containsEntry("aws_mq/mq_port", "5672")
        .doesNotContainKey("aws_mq/mq_queue_type");
    assertThat(parameters(Variant.EC2_WITHOUT_NAT))
        .as("of RabbitMQ 3.13")
        .containsEntry("aws_mq/mq_queue_type", "classic");
    assertThat(parameters(STANDARD).keySet()).noneMatch(name -> name.startsWith("ws_api/"));
  }

  @Test
  void theBrokersHostIsTakenOutOfItsEndpoint() {
    JsonNode host = STANDARD.base().template().at("/Outputs/BrokerHost/Value");
    assertThat(host.toString().replaceAll("\"Broker\\w+\"", "\"Broker\""))
        .isEqualTo(
            "{\"Fn::Select\":[0,{\"Fn::Split\":[\":\",{\"Fn::Select\":[1,{\"Fn::Split\":[\"://\","
                + "{\"Fn::Select\":[0,{\"Fn::GetAtt\":[\"Broker\",\"AmqpEndpoints\"]}]}]}]}]}]}");
    assertThat(parameters(STANDARD).get("aws_mq/mq_host")).contains("AmqpEndpoints");
  }

  @Test
  void theBridgeMayDoWhatItCallsAndNothingElse() {
    assertThat(rights(LARGE, "BridgeRole"))
        .containsExactly(
            "cloudwatch:PutMetricData on *",
            "kms:Decrypt on " + KEY,
            "logs:CreateLogStream on ${Base.LogsBridge.Arn}",
            "logs:DescribeLogStreams on ${Base.LogsBridge.Arn}",
            "logs:PutLogEvents on ${Base.LogsBridge.Arn}",
            "secretsmanager:GetSecretValue on"
                + " arn:aws:secretsmanager:us-east-1:123456789012:secret:peer-AbCdEf,"
                + " ${Base.BrokerLogin}",
            "ssm:GetParameter on " + PARAMETERS + "/*",
            "ssm:GetParametersByPath on " + PARAMETERS,
            "xray:PutTelemetryRecords on *",
            "xray:PutTraceSegments on *");
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
    assertThat(rights(LARGE, "SmokeRole"))
        .containsExactly(
            "kms:Decrypt on " + KEY,
            "secretsmanager:GetSecretValue on ${Base.BrokerLogin}",
            "ssm:GetParameter on " + PARAMETERS + "/*",
            "ssm:GetParametersByPath on " + PARAMETERS);
  }

  @Test
  void noKeyOfTheAccountIsUsedUnlessItIsNamed() {
    assertThat(rights(STANDARD, "BridgeRole")).noneMatch(right -> right.startsWith("kms:"));
    assertThat(STANDARD.base().all("AWS::SecretsManager::Secret"))
        .hasSize(2)
        .noneMatch(secret -> secret.has("KmsKeyId"));
    assertThat(LARGE.base().all("AWS::SecretsManager::Secret"))
        .hasSize(2)
        .allMatch(secret -> secret.get("KmsKeyId").asText().equals(KEY));
    assertThat(rights(LARGE, "BrokerUserRole"))
        .contains("kms:Decrypt on " + KEY, "kms:GenerateDataKey on " + KEY);
  }

  /** A bridge reads its configuration at its start only. */
  @Test
  void anotherConfigurationIsAnotherTask() {
    List<String> labels =
        List.of(STANDARD, LARGE, Variant.DEV).stream()
            .map(variant -> variant.bridge().resource("AWS::ECS::TaskDefinition", "FargateTask"))
            .map(task -> task.at("/Properties/ContainerDefinitions/0/DockerLabels/configuration"))
            .map(JsonNode::asText)
            .toList();

    assertThat(labels).doesNotHaveDuplicates().allMatch(label -> label.matches("[0-9a-f]{16}"));
  }

  private static List<String> rights(Variant variant, String role) {
    return variant.bridge().rights(role).stream()
        .map(
            right ->
                right.replaceAll(
                    "\\{\"Fn::ImportValue\":\"\\w+-Base:ExportsOutputFnGetAtt([A-Z]\\w+?)[0-9A-F]{8}Arn\\w{8}\"}",
                    "\\${Base.$1.Arn}"))
        .map(
            right ->
                right.replaceAll(
                    "\\{\"Fn::ImportValue\":\"\\w+-Base:ExportsOutputRef([A-Z]\\w+?)[0-9A-F]{16}\"}",
                    "\\${Base.$1}"))
        .toList();
  }

  private static Map<String, String> parameters(Variant variant) {
    Map<String, String> values = new TreeMap<>();
    for (JsonNode parameter : variant.bridge().all("AWS::SSM::Parameter")) {
      assertThat(parameter.get("Type").asText()).isEqualTo("String");
      String root = "/messagebusbridge/" + variant.made().stack() + "/";
      assertThat(parameter.get("Name").asText()).startsWith(root);
      values.put(
          parameter.get("Name").asText().substring(root.length()),
          Stack.text(parameter.get("Value")));
    }
    return values;
  }
}
