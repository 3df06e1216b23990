package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.messagebusbridge.infra.Variant.EC2;
import static org.messagebusbridge.infra.Variant.EC2_WITHOUT_NAT;
import static org.messagebusbridge.infra.Variant.LARGE;
import static org.messagebusbridge.infra.Variant.STANDARD;
import static org.messagebusbridge.infra.Variant.STANDBY_WITHOUT_NAT;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Both runners, and the tester's task. */
class RunnersTest {

  @Test
  void aTaskHasNoMoreThanItNeeds() {
    JsonNode task = task(STANDARD, "FargateTask");
    JsonNode bridge = task.at("/ContainerDefinitions/0");

    assertThat(task.get("RequiresCompatibilities"))
        .extracting(JsonNode::asText)
        .containsExactly("FARGATE");
    assertThat(task.at("/RuntimePlatform/CpuArchitecture").asText()).isEqualTo("ARM64");
    assertThat(task.get("Cpu").asText()).isEqualTo("256");
    assertThat(task.get("Memory").asText()).isEqualTo("512");
    assertThat(task.get("ContainerDefinitions")).hasSize(1);
    assertThat(bridge.get("ReadonlyRootFilesystem").asBoolean()).isTrue();
    assertThat(bridge.path("Privileged").asBoolean()).isFalse();
    assertThat(
            bridge.get("Environment").valueStream().map(variable -> variable.get("Name").asText()))
        .containsExactly("AWS_REGION");
    assertThat(bridge.has("Secrets")).isFalse();
    assertThat(words(bridge.get("Command"))).isEqualTo("bridge -s -l -m -v -X");
    assertThat(words(task(LARGE, "FargateTask").at("/ContainerDefinitions/0/Command")))
        .isEqualTo("bridge -s -l -m -v");
  }

  @Test
  void aTaskIsReplacedWhenItsBridgeIsDeadAndNotWhenItsPeerIs() {
    JsonNode check = task(STANDARD, "FargateTask").at("/ContainerDefinitions/0/HealthCheck");

    assertThat(words(check.get("Command")))
        .startsWith("CMD java ")
        .endsWith(" org.messagebusbridge.cli.HealthCheck 8080");
    assertThat(check.get("Retries").asInt()).isEqualTo(3);
  }

  @Test
  void stoppingWaitsLongerThanDraining() {
    assertThat(task(STANDARD, "FargateTask").at("/ContainerDefinitions/0/StopTimeout").asInt())
        .isEqualTo(30);
    assertThat(parameter(STANDARD, "bridge/drain_secs")).isEqualTo("10");
    assertThat(task(LARGE, "FargateTask").at("/ContainerDefinitions/0/StopTimeout").asInt())
        .isEqualTo(80);
    assertThat(parameter(LARGE, "bridge/drain_secs")).isEqualTo("60");
    assertThat(userData(EC2))
        .contains("ExecStop=/usr/bin/docker stop --timeout 30 ", "\nTimeoutStopSec=40\n");
  }

  private static String parameter(Variant variant, String name) {
    return variant.bridge().all("AWS::SSM::Parameter").stream()
        .filter(parameter -> parameter.get("Name").asText().equals("/mq2wsbridge/" + name))
        .map(parameter -> parameter.get("Value").asText())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDeploymentThatDoesNotStayUpGoesBack() {
    JsonNode deployment = STANDARD.bridge().one("AWS::ECS::Service").get("DeploymentConfiguration");

    assertThat(deployment.at("/DeploymentCircuitBreaker/Enable").asBoolean()).isTrue();
    assertThat(deployment.at("/DeploymentCircuitBreaker/Rollback").asBoolean()).isTrue();
    assertThat(deployment.get("MinimumHealthyPercent").asInt()).isEqualTo(100);
    assertThat(deployment.get("MaximumPercent").asInt()).isEqualTo(200);
  }

  @Test
  void aServiceStartsWhenWhatItReadsIsThere() {
    JsonNode service = STANDARD.bridge().resource("AWS::ECS::Service", "FargateService");
    List<String> needs = service.get("DependsOn").valueStream().map(JsonNode::asText).toList();

    assertThat(needs).anyMatch(need -> need.startsWith("BridgeRoleDefaultPolicy"));
    assertThat(needs).filteredOn(need -> need.startsWith("Parameters")).hasSize(14);
    assertThat(needs).anyMatch(need -> need.startsWith("BrokerSecurityGroupfrom"));
    assertThat(needs)
        .as("the way out of its subnets")
        .filteredOn(need -> need.matches("NetworkVpcprivateSubnet[12]DefaultRoute\\w+"))
        .hasSize(2);
    assertThat(
            STANDBY_WITHOUT_NAT
                .bridge()
                .resource("AWS::ECS::Service", "FargateService")
                .get("DependsOn")
                .valueStream()
                .map(JsonNode::asText))
        .as("the endpoints in NAT's place")
        .filteredOn(
            need -> need.matches("NetworkVpc(Ssm|SecretsManager|Logs|Metrics|Ecr|EcrDocker)\\w+"))
        .hasSize(6);
  }

  /** TargetTrackingScaling in the Application Auto Scaling API reference. */
  @Test
  void tasksFollowTheBacklogForEach() {
    JsonNode target = LARGE.bridge().one("AWS::ApplicationAutoScaling::ScalableTarget");
    JsonNode policy =
        LARGE
            .bridge()
            .one("AWS::ApplicationAutoScaling::ScalingPolicy")
            .get("TargetTrackingScalingPolicyConfiguration");
    JsonNode metric = policy.get("CustomizedMetricSpecification");

    assertThat(target.get("MinCapacity").asInt()).isEqualTo(2);
    assertThat(target.get("MaxCapacity").asInt()).isEqualTo(10);
    assertThat(target.get("ScalableDimension").asText()).isEqualTo("ecs:service:DesiredCount");
    assertThat(policy.get("TargetValue").asInt()).isEqualTo(1000);
    assertThat(policy.get("ScaleOutCooldown").asInt()).isEqualTo(60);
    assertThat(policy.get("ScaleInCooldown").asInt()).isEqualTo(600);
    assertThat(metric.get("MetricName").asText()).isEqualTo("to_ws_backlog_per_instance");
    assertThat(metric.get("Namespace").asText()).isEqualTo("Bank/Bridge");
    assertThat(metric.get("Statistic").asText()).isEqualTo("Average");
    assertThat(metric.has("Dimensions")).isFalse();
  }

  @Test
  void standbyHasTwoTasksAndDoesNotScale() {
    Stack stack = STANDBY_WITHOUT_NAT.bridge();

    assertThat(stack.one("AWS::ECS::Service").get("DesiredCount").asInt()).isEqualTo(2);
    assertThat(stack.count()).doesNotContainKey("AWS::ApplicationAutoScaling::ScalingPolicy");
    assertThat(parameter(STANDBY_WITHOUT_NAT, "bridge/ha_mode")).isEqualTo("standby");
    assertThat(parameter(STANDARD, "bridge/ha_mode")).isEqualTo("parallel");
  }

  @Test
  void instancesAskForATokenAndHaveNoWayInByNetwork() {
    JsonNode template = EC2.bridge().one("AWS::EC2::LaunchTemplate").get("LaunchTemplateData");

    assertThat(template.at("/MetadataOptions/HttpTokens").asText()).isEqualTo("required");
    assertThat(template.at("/MetadataOptions/HttpPutResponseHopLimit").asInt()).isEqualTo(1);
    assertThat(template.has("KeyName")).isFalse();
    assertThat(template.get("InstanceType").asText()).isEqualTo("t4g.small");
    assertThat(template.at("/BlockDeviceMappings/0/Ebs/Encrypted").asBoolean()).isTrue();
    assertThat(EC2.bridge().all("AWS::EC2::SecurityGroupIngress"))
        .extracting(rule -> rule.get("ToPort").asInt())
        .containsExactly(5671);
    assertThat(
            EC2_WITHOUT_NAT
                .bridge()
                .one("AWS::EC2::LaunchTemplate")
                .at("/LaunchTemplateData/InstanceType")
                .asText())
        .isEqualTo("m8g.medium");
  }

  @Test
  void aGroupIsOverTwoZonesAndIsRenewedOneByOneWhenTheNewOneIsAlive() {
    JsonNode resource = EC2.bridge().resource("AWS::AutoScaling::AutoScalingGroup", "Ec2Group");
    JsonNode group = resource.get("Properties");
    JsonNode update = resource.at("/UpdatePolicy/AutoScalingRollingUpdate");

    assertThat(group.get("MinSize").asText()).isEqualTo("2");
    assertThat(group.get("MaxSize").asText()).isEqualTo("4");
    assertThat(group.get("VPCZoneIdentifier")).hasSize(2);
    assertThat(group.get("NotificationConfigurations")).hasSize(1);
    assertThat(update.get("MinInstancesInService").asInt()).isEqualTo(2);
    assertThat(update.get("MaxBatchSize").asInt()).isEqualTo(1);
    assertThat(update.get("WaitOnResourceSignals").asBoolean()).isTrue();
    assertThat(resource.at("/CreationPolicy/ResourceSignal/Count").asInt()).isEqualTo(2);
    assertThat(
            EC2_WITHOUT_NAT
                .bridge()
                .resource("AWS::AutoScaling::AutoScalingGroup", "Ec2Group")
                .at("/Properties/MaxSize")
                .asText())
        .as("room for the new one")
        .isEqualTo("2");
  }

  @Test
  void instancesFollowTheBacklogForEach() {
    JsonNode policy = EC2.bridge().one("AWS::AutoScaling::ScalingPolicy");
    JsonNode metric = policy.at("/TargetTrackingConfiguration/CustomizedMetricSpecification");

    assertThat(policy.at("/TargetTrackingConfiguration/TargetValue").asInt()).isEqualTo(1000);
    assertThat(metric.get("MetricName").asText()).isEqualTo("to_ws_backlog_per_instance");
    assertThat(EC2_WITHOUT_NAT.bridge().count())
        .doesNotContainKey("AWS::AutoScaling::ScalingPolicy");
  }

  @Test
  void theUnitRunsTheImageWithoutRights() {
    String script = userData(EC2);

    assertThat(script)
        .contains(
            "--network host --read-only --cap-drop ALL",
            "--security-opt no-new-privileges --memory 512m",
            "/messagebusbridge/bridge:2.0.0-TEST bridge -s -l -m -v -X\n",
            "\nRestart=always\n",
            "http://127.0.0.1:8080/health/live",
            "cfn-signal -e $1 --stack MessageBusBridge --resource Ec2Group");
    assertThat(script).as("nothing is left to fill in").doesNotContainPattern("%[A-Z_]+%");
  }

  private static String userData(Variant variant) {
    JsonNode template = variant.bridge().one("AWS::EC2::LaunchTemplate");
    return Stack.text(template.at("/LaunchTemplateData/UserData/Fn::Base64"));
  }

  @Test
  void theTesterIsATaskThatReadsTheSameConfiguration() {
    for (Variant variant : Variant.values()) {
      JsonNode task = task(variant, "TesterTask");
      JsonNode tester = task.at("/ContainerDefinitions/0");

      assertThat(task.get("Family").asText()).isEqualTo(variant.made().stack() + "-tester");
      assertThat(tester.get("Name").asText()).isEqualTo("tester");
      assertThat(tester.get("ReadonlyRootFilesystem").asBoolean()).isTrue();
      assertThat(words(tester.get("Command")))
          .isEqualTo("--ssm --number 100 --delay 0.05 --end-delay 30");
      assertThat(tester.at("/LogConfiguration/Options/awslogs-stream-prefix").asText())
          .isEqualTo("smoke");
    }
  }

  @Test
  void aTagGoesBeforeWhatThisMachineBuilt() {
    assertThat(Stack.text(task(LARGE, "FargateTask").at("/ContainerDefinitions/0/Image")))
        .endsWith("/messagebusbridge/bridge:1a2b3c");
    assertThat(Stack.text(task(LARGE, "TesterTask").at("/ContainerDefinitions/0/Image")))
        .endsWith("/messagebusbridge/tester:1a2b3c");
  }

  private static JsonNode task(Variant variant, String id) {
    return variant.bridge().resource("AWS::ECS::TaskDefinition", id).get("Properties");
  }

  private static String words(JsonNode list) {
    return String.join(" ", list.valueStream().map(JsonNode::asText).toList());
  }
}
