package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.messagebusbridge.infra.Variant.EC2;
import static org.messagebusbridge.infra.Variant.EC2_WITHOUT_NAT;
import static org.messagebusbridge.infra.Variant.EXISTING_VPC_WITHOUT_NAT;
import static org.messagebusbridge.infra.Variant.LARGE;
import static org.messagebusbridge.infra.Variant.STANDARD;
import static org.messagebusbridge.infra.Variant.STANDBY_WITHOUT_NAT;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

/** Both runners, and the tester's task. */
class RunnersTest {
  private static final String LARGE_IMAGES =
      "123456789012.dkr.ecr.eu-west-1.${AWS::URLSuffix}/bridge2/";

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
        .containsExactly("AWS_REGION", "MBB_SSM_PREFIX");
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
        .filter(
            parameter ->
                parameter
                    .get("Name")
                    .asText()
                    .equals("/messagebusbridge/" + variant.made().stack() + "/" + name))
        .map(parameter -> parameter.get("Value").asText())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDeploymentThatDoesNotStayUpGoesBack() {
    STANDARD
        .bridge()
        .assertions()
        .hasResourceProperties(
            "AWS::ECS::Service",
            Map.of(
                "DeploymentConfiguration",
                Match.objectLike(
                    Map.of(
                        "DeploymentCircuitBreaker",
                        Map.of("Enable", true, "Rollback", true),
                        "MinimumHealthyPercent",
                        100,
                        "MaximumPercent",
                        200))));
  }

  /** What lasts is another stack's, which is deployed before. */
  @Test
  void aServiceStartsWhenWhatItReadsIsThere() {
    JsonNode service = STANDARD.bridge().resource("AWS::ECS::Service", "FargateService");
    List<String> needs = service.get("DependsOn").valueStream().map(JsonNode::asText).toList();

    assertThat(needs).anyMatch(need -> need.startsWith("BridgeRoleDefaultPolicy"));
    assertThat(needs).anyMatch(need -> need.startsWith("BrokerUser"));
    assertThat(needs).filteredOn(need -> need.startsWith("Parameters")).hasSize(15);
    JsonNode manifest = Variant.read(STANDARD.made().folder().resolve("manifest.json"));
    assertThat(manifest.at("/artifacts/MessageBusBridge/dependencies"))
        .extracting(JsonNode::asText)
        .contains("MessageBusBridge-Base", "MessageBusBridge-Images");
  }

  /** Beside the CDK's own, of a service on its role and of a function on its role. */
  @Test
  void nothingButTheServiceAndTwoAlarmsWaitsForMoreThanItsOwnRole() {
    for (Variant variant : Variant.values()) {
      variant
          .bridge()
          .template()
          .get("Resources")
          .properties()
          .forEach(
              resource -> {
                JsonNode needs = resource.getValue().path("DependsOn");
                if (!resource.getKey().matches("FargateService\\w{8}|Ec2Group\\w+")) {
                  assertThat(needs.size()).as(resource.getKey()).isLessThanOrEqualTo(2);
                }
              });
    }
  }

  /** "How CloudWatch alarms detect Amazon ECS deployment failures". */
  @Test
  void aDeploymentWhoseInstancesDoNotConnectGoesBack() {
    assertThat(gate(LARGE))
        .containsExactly(
            "Minimum mq_connected < 1, 5 of 60 s, missing: notBreaching",
            "Minimum ws_connected < 1, 5 of 60 s, missing: notBreaching",
            "Maximum to_ws_backlog_per_instance > 10000, 5 of 60 s, missing: notBreaching");
    assertThat(gate(STANDARD)).hasSize(2).noneMatch(alarm -> alarm.contains("ws_connected"));
    assertThat(gate(STANDBY_WITHOUT_NAT))
        .as("the instance that stands by is not connected to the service")
        .contains("Maximum ws_connected < 1, 5 of 60 s, missing: notBreaching");
  }

  private static List<String> gate(Variant variant) {
    JsonNode alarms =
        variant.bridge().one("AWS::ECS::Service").at("/DeploymentConfiguration/Alarms");
    assertThat(alarms.get("Enable").asBoolean()).isTrue();
    assertThat(alarms.get("Rollback").asBoolean()).isTrue();
    return alarms
        .get("AlarmNames")
        .valueStream()
        .map(name -> variant.bridge().template().at("/Resources/" + name.get("Ref").asText()))
        .map(alarm -> alarm.get("Properties"))
        .map(
            alarm ->
                "%s %s %s %s, %d of %d s, missing: %s"
                    .formatted(
                        alarm.get("Statistic").asText(),
                        alarm.get("MetricName").asText(),
                        alarm.get("ComparisonOperator").asText().startsWith("Less") ? "<" : ">",
                        alarm.get("Threshold").asText(),
                        alarm.get("EvaluationPeriods").asInt(),
                        alarm.get("Period").asInt(),
                        alarm.get("TreatMissingData").asText()))
        .toList();
  }

  /** ECS keeps the number that Application Auto Scaling has set, when the template names none. */
  @Test
  void aDeploymentLeavesTheNumberOfTasksToScaling() {
    for (Variant variant : List.of(STANDARD, LARGE, Variant.PROD)) {
      assertThat(variant.bridge().one("AWS::ECS::Service").has("DesiredCount")).isFalse();
    }
    assertThat(Variant.DEV.bridge().one("AWS::ECS::Service").get("DesiredCount").asInt())
        .as("where nothing scales")
        .isEqualTo(1);
    assertThat(EC2.bridge().one("AWS::AutoScaling::AutoScalingGroup").has("DesiredCapacity"))
        .isFalse();
  }

  @Test
  void whatHasToBeThereAtAnyTimeIsNotSpot() {
    LARGE
        .bridge()
        .assertions()
        .hasResourceProperties(
            "AWS::ECS::Service",
            Map.of(
                "CapacityProviderStrategy",
                List.of(
                    Map.of("Base", 2, "CapacityProvider", "FARGATE", "Weight", 0),
                    Map.of("CapacityProvider", "FARGATE_SPOT", "Weight", 1))));
    STANDARD
        .bridge()
        .assertions()
        .hasResourceProperties(
            "AWS::ECS::Service",
            Map.of(
                "CapacityProviderStrategy",
                Match.absent(),
                "AvailabilityZoneRebalancing",
                "ENABLED"));
  }

  @Test
  void aCollectorStandsBesideTheBridgeWhenItIsAskedFor() {
    JsonNode containers = task(LARGE, "FargateTask").get("ContainerDefinitions");

    assertThat(containers).hasSize(2);
    assertThat(containers.at("/1/Essential").asBoolean()).isFalse();
    assertThat(containers.at("/1/Image").asText())
        .isEqualTo("public.ecr.aws/aws-observability/aws-otel-collector:v0.43.0");
    assertThat(containers.at("/1/Environment").valueStream())
        .filteredOn(variable -> variable.get("Name").asText().equals("AOT_CONFIG_CONTENT"))
        .singleElement()
        .extracting(variable -> Stack.text(variable.get("Value")))
        .asString()
        .contains("targets: ['localhost:8080']", "endpoint: localhost:4318", "Bank/Bridge/otel");
    assertThat(EXISTING_VPC_WITHOUT_NAT.bridge().rights("FargateTaskExecutionRole"))
        .as("of a copy in ECR, which stands where the public registry is not reached")
        .anyMatch(
            right ->
                right.startsWith(
                    "ecr:BatchGetImage on arn:aws:ecr:eu-west-1:123456789012:repository/adot,"));
  }

  @Test
  void anImageOfInstancesIsTheOneThatIsNamed() {
    assertThat(
            EC2.bridge().one("AWS::EC2::LaunchTemplate").at("/LaunchTemplateData/ImageId").asText())
        .isEqualTo("ami-0123456789abcdef0");
    assertThat(EC2.bridge().template().get("Parameters").properties())
        .as("no parameter that resolves to Amazon's latest")
        .allMatch(parameter -> parameter.getKey().equals("BootstrapVersion"));
  }

  /** TargetTrackingScaling in the Application Auto Scaling API reference. */
  @Test
  void tasksFollowTheBacklogForEach() {
    Template template = LARGE.bridge().assertions();

    template.hasResourceProperties(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        Map.of(
            "MinCapacity", 2,
            "MaxCapacity", 10,
            "ScalableDimension", "ecs:service:DesiredCount"));
    template.hasResourceProperties(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        Map.of(
            "TargetTrackingScalingPolicyConfiguration",
            Map.of(
                "TargetValue",
                1000,
                "ScaleOutCooldown",
                60,
                "ScaleInCooldown",
                600,
                "CustomizedMetricSpecification",
                Match.objectEquals(
                    Map.of(
                        "MetricName", "to_ws_backlog_per_instance",
                        "Namespace", "Bank/Bridge",
                        "Statistic", "Average")))));
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
    Template template = EC2.bridge().assertions();

    template.hasResourceProperties(
        "AWS::EC2::LaunchTemplate",
        Map.of(
            "LaunchTemplateData",
            Map.of(
                "MetadataOptions",
                Map.of("HttpTokens", "required", "HttpPutResponseHopLimit", 1),
                "KeyName",
                Match.absent(),
                "InstanceType",
                "t4g.small",
                "BlockDeviceMappings",
                List.of(Match.objectLike(Map.of("Ebs", Map.of("Encrypted", true)))))));
    template.resourceCountIs("AWS::EC2::SecurityGroupIngress", 0);
    EC2_WITHOUT_NAT
        .bridge()
        .assertions()
        .hasResourceProperties(
            "AWS::EC2::LaunchTemplate",
            Map.of("LaunchTemplateData", Map.of("InstanceType", "m8g.medium")));
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
            "/messagebusbridge/bridge:1a2b3c bridge -s -l -m -v -X\n",
            "\nRestart=always\n",
            "--env MBB_SSM_PREFIX=/messagebusbridge/MessageBusBridge",
            "cfn-signal -e $1 --stack MessageBusBridge --resource Ec2Group");
    assertThat(script).as("nothing is left to fill in").doesNotContainPattern("%[A-Z_]+%");
  }

  private static String userData(Variant variant) {
    JsonNode template = variant.bridge().one("AWS::EC2::LaunchTemplate");
    return Stack.text(template.at("/LaunchTemplateData/UserData/Fn::Base64"));
  }

  /** Neither the provider nor anybody's message has a part in it. */
  @Test
  void aRoundTripIsOfAStubAndATesterThroughQueuesOfTheirOwn() {
    for (Variant variant : Variant.values()) {
      JsonNode task = task(variant, "SmokeTask");
      JsonNode stub = task.at("/ContainerDefinitions/0");
      JsonNode tester = task.at("/ContainerDefinitions/1");

      assertThat(task.get("Family").asText()).isEqualTo(variant.made().stack() + "-smoke");
      assertThat(words(stub.get("Command"))).isEqualTo("bridge -s -v -X");
      assertThat(stub.get("Essential").asBoolean()).isFalse();
      assertThat(tester.get("Name").asText()).isEqualTo("tester");
      assertThat(tester.get("Essential").asBoolean()).isTrue();
      assertThat(tester.at("/DependsOn/0/Condition").asText()).isEqualTo("HEALTHY");
      assertThat(words(tester.get("Command")))
          .isEqualTo("--ssm --number 100 --delay 0.05 --end-delay 30");
      for (JsonNode container : List.of(stub, tester)) {
        assertThat(container.get("ReadonlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.at("/LogConfiguration/Options/awslogs-stream-prefix").asText())
            .isEqualTo("smoke");
        assertThat(variables(container))
            .containsEntry(
                "MBB_AWS_MQ_MQ_QNAME_TO_WS", parameter(variant, "aws_mq/mq_qname_to_ws") + ".smoke")
            .containsEntry(
                "MBB_AWS_MQ_MQ_QNAME_FROM_WS",
                parameter(variant, "aws_mq/mq_qname_from_ws") + ".smoke");
      }
    }
  }

  private static Map<String, String> variables(JsonNode container) {
    return container
        .get("Environment")
        .valueStream()
        .collect(
            Collectors.toMap(
                variable -> variable.get("Name").asText(),
                variable -> Stack.text(variable.get("Value"))));
  }

  /** What the output said before is what -c image= takes: whoever pushed it, and wherever. */
  @Test
  void anImageIsNamedInFull() {
    assertThat(Stack.text(task(LARGE, "FargateTask").at("/ContainerDefinitions/0/Image")))
        .isEqualTo(LARGE_IMAGES + "bridge:1a2b3c");
    assertThat(LARGE.bridge().template().at("/Outputs/Image/Value").asText())
        .isEqualTo("123456789012.dkr.ecr.eu-west-1.amazonaws.com/bridge2/bridge:1a2b3c");
    assertThat(Stack.text(task(LARGE, "SmokeTask").at("/ContainerDefinitions/1/Image")))
        .isEqualTo(
            LARGE_IMAGES
                + "tester@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    assertThat(Stack.text(STANDARD.bridge().template().at("/Outputs/Image/Value")))
        .isEqualTo(
            "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/messagebusbridge/bridge:1a2b3c");
    assertThat(LARGE.bridge().rights("FargateTaskExecutionRole"))
        .contains(
            "ecr:BatchGetImage on"
                + " arn:aws:ecr:eu-west-1:123456789012:repository/bridge2/bridge");
  }

  /** The script's own end, with what it calls replaced: curl, systemctl, sleep. */
  @ParameterizedTest
  @CsvSource({
    // Ready from the third second on.
    "'[ $second -ge 3 ]', '0', 0, 62",
    // Alive and never ready.
    "'false', '0', 1, 600",
    // Ready, but it ends and is started again every half a minute.
    "'true', '$((second / 30))', 1, 600",
    // It was started again twice before it stayed.
    "'[ $second -ge 20 ]', '$((second < 10 ? 0 : 2))', 0, 79"
  })
  void anInstanceIsWellWhenItHasBeenReadyForAMinuteWithoutARestart(
      String ready, String restarts, int exitCode, int seconds) throws Exception {
    String script = userData(EC2);
    String end = script.substring(script.indexOf("steady=0\n"));
    String shell =
        """
        set -u
        finish() { echo "finish $1 after $second"; exit $1; }
        curl() { %s; }
        systemctl() { echo %s; }
        sleep() { :; }
        journalctl() { :; }
        """
            .formatted(ready, restarts);

    Process bash = new ProcessBuilder("bash", "-c", shell + end).redirectErrorStream(true).start();
    bash.getOutputStream().close();
    String output = new String(bash.getInputStream().readAllBytes(), UTF_8);

    assertThat(bash.waitFor()).isEqualTo(exitCode);
    assertThat(output).isEqualTo("finish %d after %d\n".formatted(exitCode, seconds));
    assertThat(end).contains("http://127.0.0.1:8080/health/ready");
  }

  private static JsonNode task(Variant variant, String id) {
    return variant.bridge().resource("AWS::ECS::TaskDefinition", id).get("Properties");
  }

  private static String words(JsonNode list) {
    return String.join(" ", list.valueStream().map(JsonNode::asText).toList());
  }
}
