package org.messagebusbridge.infra;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.messagebusbridge.infra.Options.Fleet;
import software.amazon.awscdk.CfnElement;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Tags;
import software.amazon.awscdk.services.autoscaling.AutoScalingGroup;
import software.amazon.awscdk.services.autoscaling.CfnScalingPolicy;
import software.amazon.awscdk.services.autoscaling.GroupMetrics;
import software.amazon.awscdk.services.autoscaling.NotificationConfiguration;
import software.amazon.awscdk.services.autoscaling.RollingUpdateOptions;
import software.amazon.awscdk.services.autoscaling.ScalingEvents;
import software.amazon.awscdk.services.autoscaling.Signals;
import software.amazon.awscdk.services.autoscaling.SignalsOptions;
import software.amazon.awscdk.services.autoscaling.UpdatePolicy;
import software.amazon.awscdk.services.ec2.AmazonLinux2023ImageSsmParameterProps;
import software.amazon.awscdk.services.ec2.AmazonLinuxCpuType;
import software.amazon.awscdk.services.ec2.BlockDevice;
import software.amazon.awscdk.services.ec2.BlockDeviceVolume;
import software.amazon.awscdk.services.ec2.EbsDeviceOptions;
import software.amazon.awscdk.services.ec2.EbsDeviceVolumeType;
import software.amazon.awscdk.services.ec2.InstanceType;
import software.amazon.awscdk.services.ec2.LaunchTemplate;
import software.amazon.awscdk.services.ec2.LaunchTemplateHttpTokens;
import software.amazon.awscdk.services.ec2.MachineImage;
import software.amazon.awscdk.services.ec2.UserData;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/**
 * The bridge as a systemd unit on instances of an auto-scaling group over two zones. The unit runs
 * the same image as Fargate does. Nobody logs in by SSH: Session Manager opens a shell.
 */
final class Ec2Runner extends Construct {
  private final Capabilities given;

  /**
   * @param topic who is told of instances that come and go
   */
  Ec2Runner(Construct scope, String id, Capabilities given, ITopic topic) {
    super(scope, id);
    this.given = given;
    Fleet fleet = given.fleet();
    given.role().letsSessionsIn();
    given.image().repository().grantPull(given.role().role());
    UserData userData = UserData.forLinux();
    AutoScalingGroup group =
        AutoScalingGroup.Builder.create(this, "Group")
            .vpc(given.network().vpc())
            .vpcSubnets(given.network().subnets())
            .launchTemplate(template(fleet, userData))
            .minCapacity(fleet.least())
            .maxCapacity(Math.max(fleet.most(), fleet.least() + 1))
            .groupMetrics(List.of(GroupMetrics.all()))
            .notifications(
                List.of(
                    NotificationConfiguration.builder()
                        .topic(topic)
                        .scalingEvents(ScalingEvents.ALL)
                        .build()))
            .defaultInstanceWarmup(Duration.minutes(2))
            .signals(
                Signals.waitForMinCapacity(
                    SignalsOptions.builder().timeout(Duration.minutes(15)).build()))
            .updatePolicy(
                UpdatePolicy.rollingUpdate(
                    RollingUpdateOptions.builder()
                        .minInstancesInService(fleet.least())
                        .maxBatchSize(1)
                        .waitOnResourceSignals(true)
                        .pauseTime(Duration.minutes(15))
                        .build()))
            .build();
    Tags.of(group).add("Name", Stack.of(this).getStackName() + "-bridge");
    userData.addCommands(script(fleet, group));
    if (fleet.most() > fleet.least()) {
      scale(group);
    }
  }

  private LaunchTemplate template(Fleet fleet, UserData userData) {
    return LaunchTemplate.Builder.create(this, "Template")
        .instanceType(new InstanceType(fleet.instanceType()))
        .machineImage(
            MachineImage.latestAmazonLinux2023(
                AmazonLinux2023ImageSsmParameterProps.builder()
                    .cpuType(AmazonLinuxCpuType.ARM_64)
                    .build()))
        .role(given.role().role())
        .securityGroup(given.securityGroup())
        .userData(userData)
        .httpTokens(LaunchTemplateHttpTokens.REQUIRED)
        // The container is on the host's network, so one hop is enough.
        .httpPutResponseHopLimit(1)
        .detailedMonitoring(true)
        .blockDevices(
            List.of(
                BlockDevice.builder()
                    .deviceName("/dev/xvda")
                    .volume(
                        BlockDeviceVolume.ebs(
                            16,
                            EbsDeviceOptions.builder()
                                .encrypted(true)
                                .volumeType(EbsDeviceVolumeType.GP3)
                                .build()))
                    .build()))
        .build();
  }

  private String script(Fleet fleet, AutoScalingGroup group) {
    String script = resource("ec2-bridge.sh");
    Stack stack = Stack.of(this);
    Map<String, String> values = new TreeMap<>();
    values.put("IMAGE", given.image().uri());
    values.put("REGISTRY", given.image().registry());
    values.put("REGION", stack.getRegion());
    values.put("ARGUMENTS", String.join(" ", given.arguments()));
    values.put("MEMORY", fleet.memory() + "m");
    values.put("STOP_SECONDS", Integer.toString(fleet.stopSeconds()));
    values.put("UNIT_STOP_SECONDS", Integer.toString(fleet.stopSeconds() + 10));
    values.put("LOG_GROUP", given.logs().group().getLogGroupName());
    values.put("STACK", stack.getStackName());
    values.put(
        "RESOURCE",
        stack.getLogicalId(requireNonNull((CfnElement) group.getNode().getDefaultChild())));
    values.put("HEALTH_PORT", Integer.toString(BridgeStack.HEALTH_PORT));
    for (Map.Entry<String, String> value : values.entrySet()) {
      script = script.replace("%" + value.getKey() + "%", value.getValue());
    }
    return script;
  }

  /** Target tracking on a metric without dimensions, as on Fargate. */
  private void scale(AutoScalingGroup group) {
    CfnScalingPolicy.Builder.create(this, "Backlog")
        .autoScalingGroupName(group.getAutoScalingGroupName())
        .policyType("TargetTrackingScaling")
        .targetTrackingConfiguration(
            CfnScalingPolicy.TargetTrackingConfigurationProperty.builder()
                .targetValue(FargateRunner.BACKLOG)
                .customizedMetricSpecification(
                    CfnScalingPolicy.CustomizedMetricSpecificationProperty.builder()
                        .namespace(given.metrics().namespace())
                        .metricName(BridgeMetrics.BACKLOG)
                        .statistic("Average")
                        .build())
                .build())
        .build();
  }

  private static String resource(String name) {
    try (InputStream in = Ec2Runner.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program has no " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
