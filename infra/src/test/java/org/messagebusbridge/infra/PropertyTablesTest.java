package org.messagebusbridge.infra;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What no emulator without Docker takes - broker, NAT, scaling - against the tables of properties
 * in the AWS CloudFormation Template Reference: no name that is not there, none missing that is
 * required, and no value beyond those that the pages allow.
 */
class PropertyTablesTest {

  /**
   * A page's table.
   *
   * @param required with an asterisk in {@link #table}
   */
  private record Table(Set<String> known, Set<String> required) {}

  private static final Map<String, Table> TABLES = new TreeMap<>();

  static {
    table(
        "AWS::AmazonMQ::Broker",
        "AuthenticationStrategy AutoMinorVersionUpgrade BrokerName* Configuration"
            + " DataReplicationMode DataReplicationPrimaryBrokerArn DeploymentMode*"
            + " EncryptionOptions EngineType* EngineVersion HostInstanceType* LdapServerMetadata"
            + " Logs MaintenanceWindowStartTime PubliclyAccessible* SecurityGroups StorageType"
            + " SubnetIds Tags Users");
    table("AWS::AmazonMQ::Broker/Logs", "Audit General");
    table("AWS::AmazonMQ::Broker/Configuration", "Id* Revision*");
    table(
        "AWS::AmazonMQ::Configuration",
        "AuthenticationStrategy Data Description EngineType* EngineVersion Name* Tags");
    table(
        "AWS::SecretsManager::RotationSchedule",
        "ExternalSecretRotationMetadata ExternalSecretRotationRoleArn HostedRotationLambda"
            + " RotateImmediatelyOnUpdate RotationLambdaARN RotationRules SecretId*");
    table("AWS::AmazonMQ::Broker/MaintenanceWindowStartTime", "DayOfWeek* TimeOfDay* TimeZone*");
    table(
        "AWS::AmazonMQ::Broker/Users", "ConsoleAccess Groups Password* ReplicationUser Username*");
    table(
        "AWS::EC2::NatGateway",
        "AllocationId AvailabilityMode AvailabilityZoneAddresses ConnectivityType"
            + " MaxDrainDurationSeconds PrivateIpAddress SecondaryAllocationIds"
            + " SecondaryPrivateIpAddressCount SecondaryPrivateIpAddresses SubnetId Tags VpcId");
    table(
        "AWS::EC2::EIP",
        "Address Domain InstanceId IpamPoolId NetworkBorderGroup PublicIpv4Pool Tags"
            + " TransferAddress");
    table(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "MaxCapacity* MinCapacity* ResourceId* RoleARN ScalableDimension* ScheduledActions"
            + " ServiceNamespace* SuspendedState");
    table(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "PolicyName* PolicyType* PredictiveScalingPolicyConfiguration ResourceId"
            + " ScalableDimension ScalingTargetId ServiceNamespace"
            + " StepScalingPolicyConfiguration TargetTrackingScalingPolicyConfiguration");
    table(
        "AWS::ApplicationAutoScaling::ScalingPolicy/TargetTrackingScalingPolicyConfiguration",
        "CustomizedMetricSpecification DisableScaleIn PredefinedMetricSpecification"
            + " ScaleInCooldown ScaleOutCooldown TargetValue*");
    table(
        "AWS::ApplicationAutoScaling::ScalingPolicy/TargetTrackingScalingPolicyConfiguration"
            + "/CustomizedMetricSpecification",
        "Dimensions MetricName Metrics Namespace Statistic Unit");
    table(
        "AWS::AutoScaling::ScalingPolicy",
        "AdjustmentType AutoScalingGroupName* Cooldown EstimatedInstanceWarmup"
            + " MetricAggregationType MinAdjustmentMagnitude PolicyType"
            + " PredictiveScalingConfiguration ScalingAdjustment StepAdjustments"
            + " TargetTrackingConfiguration");
    table(
        "AWS::AutoScaling::ScalingPolicy/TargetTrackingConfiguration",
        "CustomizedMetricSpecification DisableScaleIn PredefinedMetricSpecification TargetValue*");
    table(
        "AWS::AutoScaling::ScalingPolicy/TargetTrackingConfiguration"
            + "/CustomizedMetricSpecification",
        "Dimensions MetricName Metrics Namespace Period Statistic Unit");
  }

  private static void table(String page, String properties) {
    Set<String> known = new TreeSet<>();
    Set<String> required = new TreeSet<>();
    for (String property : Arrays.asList(properties.split(" ", -1))) {
      known.add(property.replace("*", ""));
      if (property.endsWith("*")) {
        required.add(property.replace("*", ""));
      }
    }
    TABLES.put(page, new Table(known, required));
  }

  @ParameterizedTest
  @EnumSource
  void everyPropertyIsOfItsPagesTableAndNoneIsMissing(Variant variant) {
    Set<String> seen = new TreeSet<>();
    TABLES.keySet().stream()
        .filter(page -> !page.contains("/"))
        .forEach(
            type ->
                variant
                    .both()
                    .forEach(
                        stack -> stack.all(type).forEach(resource -> hold(type, resource, seen))));

    assertThat(seen).isSubsetOf(TABLES.keySet());
    if (variant == Variant.STANDARD) {
      assertThat(seen)
          .as("what this stack has")
          .hasSize(13)
          .doesNotContain("AWS::AutoScaling::ScalingPolicy");
    }
  }

  private static void hold(String page, JsonNode properties, Set<String> seen) {
    Table table = requireNonNull(TABLES.get(page), page);
    Set<String> names = new TreeSet<>();
    properties.properties().forEach(property -> names.add(property.getKey()));
    assertThat(table.known()).as(page).containsAll(names);
    assertThat(names).as(page).containsAll(table.required());
    seen.add(page);
    for (String name : names) {
      String inner = page + "/" + name;
      JsonNode value = properties.get(name);
      if (TABLES.containsKey(inner)) {
        (value.isArray() ? value.valueStream().toList() : List.of(value))
            .forEach(part -> hold(inner, part, seen));
      }
    }
  }

  /**
   * "BrokerName", "DeploymentMode", "EngineType", "SubnetIds", "TimeOfDay" on the broker's page.
   */
  @ParameterizedTest
  @EnumSource
  void aBrokerHasValuesThatItsPageAllows(Variant variant) {
    for (JsonNode broker : variant.base().all("AWS::AmazonMQ::Broker")) {
      boolean cluster = broker.get("DeploymentMode").asText().equals("CLUSTER_MULTI_AZ");
      assertThat(broker.get("EngineType").asText()).isEqualTo("RABBITMQ");
      assertThat(broker.get("DeploymentMode").asText()).isIn("SINGLE_INSTANCE", "CLUSTER_MULTI_AZ");
      assertThat(broker.get("BrokerName").asText()).matches("[A-Za-z0-9_-]{1,50}");
      assertThat(broker.get("SubnetIds").size()).isEqualTo(cluster ? 2 : 1);
      assertThat(broker.get("SecurityGroups").size()).isBetween(1, 5);
      assertThat(broker.get("Users")).hasSize(1);
      assertThat(broker.at("/Logs").has("Audit")).as("for ActiveMQ only").isFalse();
      assertThat(broker.at("/MaintenanceWindowStartTime/TimeOfDay").asText())
          .matches("([01]\\d|2[0-3]):[0-5]\\d");
      if (broker.get("EngineVersion").asText().startsWith("4.")) {
        assertThat(broker.get("HostInstanceType").asText()).startsWith("mq.m7g.");
      }
    }
  }

  /** An elastic address for each gateway, which is in a public subnet; private ones lead to it. */
  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EC2", "LARGE"})
  void privateSubnetsReachTheInternetByAGatewayInAPublicOne(Variant variant) {
    Stack stack = variant.base();
    int gateways = stack.all("AWS::EC2::NatGateway").size();
    assertThat(gateways).isEqualTo(variant == Variant.LARGE ? 2 : 1);
    assertThat(stack.all("AWS::EC2::EIP"))
        .hasSize(gateways)
        .allSatisfy(address -> assertThat(address.get("Domain").asText()).isEqualTo("vpc"));
    assertThat(stack.all("AWS::EC2::NatGateway"))
        .allSatisfy(
            gateway -> {
              assertThat(Stack.text(gateway.get("SubnetId"))).contains("publicSubnet");
              assertThat(Stack.text(gateway.get("AllocationId"))).endsWith(".AllocationId}");
            });
    List<String> ways = new ArrayList<>();
    for (JsonNode route : stack.all("AWS::EC2::Route")) {
      assertThat(route.get("DestinationCidrBlock").asText()).isEqualTo("0.0.0.0/0");
      ways.add(
          (Stack.text(route.get("RouteTableId")).contains("privateSubnet") ? "private" : "public")
              + (route.has("NatGatewayId") ? " by NAT" : " by " + gateway(route)));
    }
    assertThat(ways)
        .containsExactlyInAnyOrder(
            "public by IGW", "public by IGW", "private by NAT", "private by NAT");
  }

  private static String gateway(JsonNode route) {
    return Stack.text(route.get("GatewayId")).contains("IGW") ? "IGW" : "?";
  }

  /** "ServiceNamespace", "ResourceId", "Statistic" on the pages of Application Auto Scaling. */
  @Test
  void scalingIsOfTheServicesTasks() {
    JsonNode target = Variant.STANDARD.bridge().one("AWS::ApplicationAutoScaling::ScalableTarget");
    JsonNode policy = Variant.STANDARD.bridge().one("AWS::ApplicationAutoScaling::ScalingPolicy");

    assertThat(target.get("ServiceNamespace").asText()).isEqualTo("ecs");
    assertThat(Stack.text(target.get("ResourceId")))
        .matches("service/\\$\\{Cluster\\w+}/\\$\\{FargateService\\w+\\.Name}");
    assertThat(policy.get("PolicyType").asText()).isEqualTo("TargetTrackingScaling");
    assertThat(Stack.text(policy.get("ScalingTargetId"))).contains("TaskCount");
    assertThat(
            policy
                .at(
                    "/TargetTrackingScalingPolicyConfiguration/CustomizedMetricSpecification"
                        + "/Statistic")
                .asText())
        .isIn("Average", "Maximum", "Minimum", "SampleCount", "Sum");
  }
}
