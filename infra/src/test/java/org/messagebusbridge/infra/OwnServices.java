package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.messagebusbridge.sandbox.aws.AwsCaller;

/**
 * Asks each resource's own service whether it is there, as the template wants it: CloudFormation's
 * word for it is not enough, for emulators say CREATE_COMPLETE of what they never made.
 *
 * @param caller of the emulator
 * @param ids physical ids of all resources, by their logical ids
 */
record OwnServices(AwsCaller caller, Map<String, String> ids) {
  private static final String IAM = "2010-05-08";
  private static final String SNS = "2010-03-31";
  private static final String CLOUDWATCH = "2010-08-01";
  private static final String AUTOSCALING = "2011-01-01";

  /**
   * Asks for one.
   *
   * @param id its logical id
   * @param resource of the template
   * @return its service, such as EC2
   */
  String check(String id, JsonNode resource) {
    String type = resource.get("Type").asText();
    assertThat(ids).containsKey(id);
    JsonNode wanted = resource.path("Properties");
    String service = type.split("::", -1)[1];
    switch (service) {
      case "EC2" -> new OwnNetwork(this).check(type, physical(id), wanted);
      case "IAM" -> identity(type, physical(id), wanted);
      case "ECS" -> container(type, physical(id), wanted);
      case "CloudWatch", "SNS" -> watch(type, physical(id), wanted);
      case "AutoScaling" -> scaling(type, physical(id), wanted);
      default -> storage(type, physical(id), wanted);
    }
    return service;
  }

  private void identity(String type, String id, JsonNode wanted) {
    switch (type) {
      case "AWS::IAM::Role" ->
          assertThat(decoded(query("iam:GetRole", IAM, Map.of("RoleName", id))))
              .contains(tag("RoleName", id))
              .contains(wanted.at("/AssumeRolePolicyDocument/Statement/0/Action").asText());
      case "AWS::IAM::InstanceProfile" ->
          assertThat(
                  query(
                      "iam:GetInstanceProfile",
                      IAM,
                      Map.of("InstanceProfileName", id.replaceFirst(".*/", ""))))
              .contains(tag("RoleName", referred(wanted.at("/Roles/0"))));
      case "AWS::IAM::Policy" ->
          wanted
              .get("Roles")
              .forEach(
                  role -> {
                    String name = wanted.get("PolicyName").asText();
                    String policy =
                        decoded(
                            query(
                                "iam:GetRolePolicy",
                                IAM,
                                Map.of("RoleName", referred(role), "PolicyName", name)));
                    wanted
                        .at("/PolicyDocument/Statement")
                        .forEach(
                            statement ->
                                actions(statement)
                                    .forEach(action -> assertThat(policy).contains(action)));
                  });
      default -> throw new AssertionError("nobody asks IAM for " + type);
    }
  }

  private static List<String> actions(JsonNode statement) {
    JsonNode action = statement.get("Action");
    return action.isArray()
        ? action.valueStream().map(JsonNode::toString).toList()
        : List.of(action.toString());
  }

  private void container(String type, String id, JsonNode wanted) {
    switch (type) {
      case "AWS::ECS::Cluster" ->
          assertThat(
                  json("ecs:DescribeClusters", Map.of("clusters", List.of(id)))
                      .at("/clusters/0/status")
                      .asText())
              .isEqualTo("ACTIVE");
      case "AWS::ECS::TaskDefinition" -> {
        JsonNode task =
            json("ecs:DescribeTaskDefinition", Map.of("taskDefinition", id)).get("taskDefinition");
        assertThat(task.get("cpu")).isEqualTo(wanted.get("Cpu"));
        assertThat(task.get("memory")).isEqualTo(wanted.get("Memory"));
        assertThat(task.at("/containerDefinitions/0/command"))
            .isEqualTo(wanted.at("/ContainerDefinitions/0/Command"));
        assertThat(task.at("/containerDefinitions/0/readonlyRootFilesystem").asBoolean()).isTrue();
        assertThat(task.get("taskRoleArn").asText())
            .endsWith("/" + referred(wanted.get("TaskRoleArn")));
      }
      case "AWS::ECS::Service" -> {
        JsonNode service =
            json(
                    "ecs:DescribeServices",
                    Map.of("cluster", referred(wanted.get("Cluster")), "services", List.of(id)))
                .at("/services/0");
        assertThat(service.get("desiredCount").asInt())
            .isEqualTo(wanted.path("DesiredCount").asInt(1));
        assertThat(service.get("taskDefinition").asText())
            .isEqualTo(referred(wanted.get("TaskDefinition")));
        assertThat(
                service
                    .at("/deploymentConfiguration/deploymentCircuitBreaker/rollback")
                    .asBoolean())
            .isTrue();
      }
      default -> throw new AssertionError("nobody asks ECS for " + type);
    }
  }

  private void watch(String type, String id, JsonNode wanted) {
    switch (type) {
      case "AWS::CloudWatch::Alarm" ->
          assertThat(
                  query("monitoring:DescribeAlarms", CLOUDWATCH, Map.of("AlarmNames.member.1", id)))
              .contains(tag("AlarmName", id))
              .contains(tag("MetricName", wanted.get("MetricName").asText()))
              .contains(tag("Threshold", wanted.get("Threshold").asInt() + ".0"))
              .contains(tag("EvaluationPeriods", wanted.get("EvaluationPeriods").asText()));
      case "AWS::CloudWatch::Dashboard" ->
          assertThat(query("monitoring:GetDashboard", CLOUDWATCH, Map.of("DashboardName", id)))
              .contains("to_ws_recent");
      case "AWS::SNS::Topic" -> assertThat(topic(id)).contains(tag("value", id));
      case "AWS::SNS::Subscription" ->
          assertThat(
                  query(
                      "sns:ListSubscriptionsByTopic",
                      SNS,
                      Map.of("TopicArn", referred(wanted.get("TopicArn")))))
              .contains(tag("Endpoint", wanted.get("Endpoint").asText()));
      case "AWS::SNS::TopicPolicy" ->
          assertThat(topic(referred(wanted.at("/Topics/0"))))
              .contains("AllowPublishThroughSSLOnly");
      default -> throw new AssertionError("nobody asks CloudWatch or SNS for " + type);
    }
  }

  private String topic(String arn) {
    return query("sns:GetTopicAttributes", SNS, Map.of("TopicArn", arn));
  }

  private void scaling(String type, String id, JsonNode wanted) {
    switch (type) {
      case "AWS::AutoScaling::AutoScalingGroup" ->
          assertThat(
                  query(
                      "autoscaling:DescribeAutoScalingGroups",
                      AUTOSCALING,
                      Map.of("AutoScalingGroupNames.member.1", id)))
              .contains(tag("AutoScalingGroupName", id))
              .contains(tag("MinSize", wanted.get("MinSize").asText()))
              .contains(tag("MaxSize", wanted.get("MaxSize").asText()));
      case "AWS::AutoScaling::ScalingPolicy" ->
          assertThat(
                  query(
                      "autoscaling:DescribePolicies",
                      AUTOSCALING,
                      Map.of("AutoScalingGroupName", referred(wanted.get("AutoScalingGroupName")))))
              .contains(tag("PolicyType", "TargetTrackingScaling"));
      default -> throw new AssertionError("nobody asks Auto Scaling for " + type);
    }
  }

  private void storage(String type, String id, JsonNode wanted) {
    switch (type) {
      case "AWS::SSM::Parameter" -> {
        JsonNode parameter = json("ssm:GetParameter", Map.of("Name", id)).get("Parameter");
        assertThat(id).isEqualTo(wanted.get("Name").asText());
        assertThat(parameter.get("Type").asText()).isEqualTo("String");
        assertThat(parameter.get("Value").asText()).isNotEmpty();
        if (wanted.get("Value").isTextual()) {
          assertThat(parameter.get("Value")).isEqualTo(wanted.get("Value"));
        }
      }
      case "AWS::SecretsManager::Secret" ->
          assertThat(
                  json("secretsmanager:GetSecretValue", Map.of("SecretId", id))
                      .get("SecretString")
                      .asText())
              .matches("\\{\"username\": \"(bridge|administrator)\", \"password\": \".{32,}\"}");
      case "AWS::Logs::LogGroup" -> {
        JsonNode group =
            json("logs:DescribeLogGroups", Map.of("logGroupNamePrefix", id)).at("/logGroups/0");
        assertThat(group.get("logGroupName").asText()).isEqualTo(id);
        assertThat(group.get("retentionInDays")).isEqualTo(wanted.get("RetentionInDays"));
      }
      case "AWS::ECR::Repository" ->
          assertThat(
                  json("ecr:DescribeRepositories", Map.of("repositoryNames", List.of(id)))
                      .at("/repositories/0/imageTagMutability")
                      .asText())
              .isEqualTo("IMMUTABLE");
      default -> throw new AssertionError("nobody asks for " + type);
    }
  }

  /** The physical id of what a template refers to by Ref or Fn::GetAtt. */
  String referred(JsonNode node) {
    return physical(node.has("Ref") ? node.get("Ref").asText() : node.at("/Fn::GetAtt/0").asText());
  }

  private String physical(String id) {
    return ids.getOrDefault(id, "no " + id);
  }

  static String tag(String name, String value) {
    return "<" + name + ">" + value + "</" + name + ">";
  }

  private static String decoded(String xml) {
    Matcher document = Pattern.compile("Document>([^<]*)<").matcher(xml);
    return document.replaceAll(
        match -> Matcher.quoteReplacement(URLDecoder.decode(match.group(1), UTF_8)));
  }

  String query(String action, String version, Map<String, String> parameters) {
    return caller.query(action, version, parameters);
  }

  private JsonNode json(String action, Map<String, ?> parameters) {
    return caller.json(action, parameters);
  }
}
