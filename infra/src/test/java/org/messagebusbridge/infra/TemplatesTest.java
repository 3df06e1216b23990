package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.messagebusbridge.infra.Variant.EC2;
import static org.messagebusbridge.infra.Variant.EC2_WITHOUT_NAT;
import static org.messagebusbridge.infra.Variant.EXISTING_BROKER;
import static org.messagebusbridge.infra.Variant.LARGE;
import static org.messagebusbridge.infra.Variant.STANDARD;
import static org.messagebusbridge.infra.Variant.STANDBY_WITHOUT_NAT;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the stack is meant to be, by its templates: network, broker, and what stands beside. */
class TemplatesTest {

  @Test
  void nothingOfTheNetworkCanBeReachedFromOutside() {
    for (Variant variant : Variant.values()) {
      Stack stack = variant.bridge();
      assertThat(stack.all("AWS::EC2::SecurityGroup"))
          .allSatisfy(group -> assertThat(group.has("SecurityGroupIngress")).isFalse());
      assertThat(stack.all("AWS::EC2::SecurityGroupIngress"))
          .isNotEmpty()
          .allSatisfy(
              rule -> {
                assertThat(rule.has("SourceSecurityGroupId")).isTrue();
                assertThat(rule.has("CidrIp") || rule.has("CidrIpv6")).isFalse();
              });
      assertThat(stack.all("AWS::EC2::Subnet"))
          .allSatisfy(
              subnet -> assertThat(subnet.path("MapPublicIpOnLaunch").asBoolean()).isFalse());
    }
  }

  @Test
  void aNetworkOfItsOwnHasTwoZonesAndAsManyNatGatewaysAsAsked() {
    assertThat(STANDARD.bridge().count())
        .containsEntry("AWS::EC2::Subnet", 4L)
        .containsEntry("AWS::EC2::NatGateway", 1L)
        .containsEntry("AWS::EC2::FlowLog", 1L);
    assertThat(LARGE.bridge().count()).containsEntry("AWS::EC2::NatGateway", 2L);
    assertThat(STANDBY_WITHOUT_NAT.bridge().count())
        .containsEntry("AWS::EC2::Subnet", 2L)
        .doesNotContainKeys("AWS::EC2::NatGateway", "AWS::EC2::InternetGateway");
  }

  @Test
  void aGivenNetworkIsUsedAndNotChanged() {
    Stack stack = EXISTING_BROKER.bridge();

    assertThat(stack.count().keySet())
        .filteredOn(type -> type.startsWith("AWS::EC2::"))
        .containsExactly("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress");
    assertThat(stack.one("AWS::EC2::SecurityGroup").get("VpcId").asText())
        .isEqualTo("vpc-0123456789abcdef0");
    assertThat(
            stack
                .one("AWS::ECS::Service")
                .at("/NetworkConfiguration/AwsvpcConfiguration/Subnets")
                .valueStream()
                .map(JsonNode::asText))
        .containsExactly("subnet-0123456789abcdef0", "subnet-0123456789abcdef1");
  }

  @Test
  void endpointsStandForWhatTheRunnerCallsAndAdmitTheBridgeAlone() {
    assertThat(services(STANDARD)).containsExactly("s3");
    assertThat(services(STANDBY_WITHOUT_NAT))
        .containsExactly("ecr.api", "ecr.dkr", "logs", "monitoring", "s3", "secretsmanager", "ssm");
    assertThat(services(EC2_WITHOUT_NAT))
        .containsExactly(
            "cloudformation",
            "ecr.api",
            "ecr.dkr",
            "logs",
            "monitoring",
            "s3",
            "secretsmanager",
            "ssm",
            "ssmmessages");
    assertThat(STANDBY_WITHOUT_NAT.bridge().all("AWS::EC2::SecurityGroupIngress"))
        .extracting(rule -> rule.get("FromPort").asInt())
        .containsExactlyInAnyOrder(5671, 443);
  }

  private static List<String> services(Variant variant) {
    return variant.bridge().all("AWS::EC2::VPCEndpoint").stream()
        .map(endpoint -> Stack.text(endpoint.get("ServiceName")))
        .map(name -> name.replaceAll("^com\\.amazonaws\\.\\$\\{AWS::Region}\\.", ""))
        .sorted()
        .toList();
  }

  /** The properties are those of AWS::AmazonMQ::Broker in the CloudFormation reference. */
  @Test
  void theBrokerIsPrivateLoggedAndKeepsItsPasswordInSecretsManager() {
    JsonNode resource = STANDARD.bridge().resource("AWS::AmazonMQ::Broker", "Broker");
    JsonNode broker = resource.get("Properties");

    assertThat(broker.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "AutoMinorVersionUpgrade",
            "BrokerName",
            "DeploymentMode",
            "EngineType",
            "EngineVersion",
            "HostInstanceType",
            "Logs",
            "MaintenanceWindowStartTime",
            "PubliclyAccessible",
            "SecurityGroups",
            "SubnetIds",
            "Users");
    assertThat(broker.get("EngineType").asText()).isEqualTo("RABBITMQ");
    assertThat(broker.get("EngineVersion").asText()).isEqualTo("4.2");
    assertThat(broker.get("DeploymentMode").asText()).isEqualTo("SINGLE_INSTANCE");
    assertThat(broker.get("HostInstanceType").asText()).isEqualTo("mq.m7g.medium");
    assertThat(broker.get("PubliclyAccessible").asBoolean()).isFalse();
    assertThat(broker.get("AutoMinorVersionUpgrade").asBoolean()).isTrue();
    assertThat(broker.at("/Logs/General").asBoolean()).isTrue();
    assertThat(broker.get("SubnetIds")).hasSize(1);
    assertThat(broker.get("Users")).hasSize(1);
    assertThat(Stack.text(broker.at("/Users/0/Password")))
        .matches("\\{\\{resolve:secretsmanager:\\$\\{BrokerLogin\\w+}:SecretString:password::}}");
    assertThat(Stack.text(broker.at("/Users/0/Username")))
        .matches("\\{\\{resolve:secretsmanager:\\$\\{BrokerLogin\\w+}:SecretString:username::}}");
    assertThat(resource.get("DeletionPolicy").asText()).isEqualTo("Delete");
    assertThat(resource.get("UpdateReplacePolicy").asText()).isEqualTo("Retain");

    JsonNode secret = STANDARD.bridge().one("AWS::SecretsManager::Secret");
    assertThat(secret.has("SecretString")).isFalse();
    assertThat(secret.at("/GenerateSecretString/GenerateStringKey").asText()).isEqualTo("password");
    assertThat(secret.at("/GenerateSecretString/PasswordLength").asInt()).isEqualTo(32);
    assertThat(secret.at("/GenerateSecretString/ExcludePunctuation").asBoolean()).isTrue();
  }

  @Test
  void aClusterIsInAllSubnets() {
    JsonNode broker = LARGE.bridge().one("AWS::AmazonMQ::Broker");

    assertThat(broker.get("DeploymentMode").asText()).isEqualTo("CLUSTER_MULTI_AZ");
    assertThat(broker.get("EngineVersion").asText()).isEqualTo("3.13");
    assertThat(broker.get("HostInstanceType").asText()).isEqualTo("mq.m5.large");
    assertThat(broker.get("SubnetIds")).hasSize(2);
  }

  @Test
  void anExistingBrokerIsNotMadeButLetsTheBridgeIn() {
    Stack stack = EXISTING_BROKER.bridge();

    assertThat(stack.count())
        .doesNotContainKeys("AWS::AmazonMQ::Broker", "AWS::SecretsManager::Secret");
    JsonNode rule = stack.one("AWS::EC2::SecurityGroupIngress");
    assertThat(rule.get("GroupId").asText()).isEqualTo("sg-0123456789abcdef0");
    assertThat(rule.get("FromPort").asInt()).isEqualTo(5672);
    assertThat(Stack.text(rule.get("SourceSecurityGroupId"))).startsWith("${Clients");
  }

  @Test
  void theStackIsProtectedUnlessToldOtherwise() {
    assertThat(protection(STANDARD)).isTrue();
    assertThat(protection(LARGE)).isFalse();
  }

  private static boolean protection(Variant variant) {
    JsonNode manifest = Variant.read(variant.made().folder().resolve("manifest.json"));
    return manifest
        .at("/artifacts/" + variant.made().stack() + "/properties/terminationProtection")
        .asBoolean();
  }

  @Test
  void logsAreKeptAsLongAsAsked() {
    assertThat(logGroup(STANDARD).get("RetentionInDays").asInt()).isEqualTo(30);
    assertThat(logGroup(LARGE).get("RetentionInDays").asInt()).isEqualTo(365);
    assertThat(logGroup(LARGE).get("LogGroupName").asText()).isEqualTo("/messagebusbridge/Bridge2");
  }

  private static JsonNode logGroup(Variant variant) {
    return variant.bridge().resource("AWS::Logs::LogGroup", "LogsGroup").get("Properties");
  }

  @Test
  void theImagesRepositoriesKeepTheirTagsAndScanWhatComes() {
    List<JsonNode> repositories = STANDARD.made().stack("-Images").all("AWS::ECR::Repository");

    assertThat(repositories)
        .extracting(repository -> repository.get("RepositoryName").asText())
        .containsExactly("messagebusbridge/bridge", "messagebusbridge/tester");
    assertThat(repositories)
        .allSatisfy(
            repository -> {
              assertThat(repository.get("ImageTagMutability").asText()).isEqualTo("IMMUTABLE");
              assertThat(repository.at("/ImageScanningConfiguration/ScanOnPush").asBoolean())
                  .isTrue();
            });
  }

  @Test
  void outputsAreWhatTheSmokeTestReads() {
    for (Variant variant : List.of(STANDARD, EC2, EXISTING_BROKER)) {
      assertThat(variant.bridge().template().get("Outputs").properties().stream())
          .extracting(Map.Entry::getKey)
          .contains("Cluster", "TesterTask", "Subnets", "SecurityGroup", "LogGroup");
    }
    assertThat(LARGE.bridge().template().at("/Outputs/ImageTag/Value").asText())
        .as("what the pipeline goes back to")
        .isEqualTo("1a2b3c");
  }

  @Test
  void thePipelineMayBePutOnByTheRepositorysOwnWorkflowsAlone() {
    Stack stack = LARGE.made().stack("-Pipeline");
    Map<String, String> subjects = new TreeMap<>();
    for (JsonNode role : stack.all("AWS::IAM::Role")) {
      JsonNode statement = role.at("/AssumeRolePolicyDocument/Statement/0");
      assertThat(statement.get("Action").asText()).isEqualTo("sts:AssumeRoleWithWebIdentity");
      JsonNode condition = statement.at("/Condition/StringEquals");
      subjects.put(
          condition.get("token.actions.githubusercontent.com:sub").asText(),
          condition.get("token.actions.githubusercontent.com:aud").asText());
    }

    assertThat(subjects)
        .containsOnly(
            Map.entry("repo:bank/bridge:environment:production", "sts.amazonaws.com"),
            Map.entry("repo:bank/bridge:pull_request", "sts.amazonaws.com"));
    assertThat(stack.rights("Diff"))
        .containsExactly(
            "sts:AssumeRole on arn:${AWS::Partition}:iam::${AWS::AccountId}"
                + ":role/cdk-hnb659fds-lookup-role-*");
    assertThat(stack.rights("Deploy"))
        .extracting(right -> right.replaceFirst(" on .*", ""))
        .containsExactlyInAnyOrder(
            "cloudformation:DescribeStacks",
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:GetAuthorizationToken",
            "ecr:GetDownloadUrlForLayer",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
            "ecs:DescribeTasks",
            "ecs:RunTask",
            "ecs:StopTask",
            "iam:PassRole",
            "logs:GetLogEvents",
            "sts:AssumeRole");
  }
}
