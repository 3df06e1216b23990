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
import software.amazon.awscdk.services.ec2.IMachineImage;
import software.amazon.awscdk.services.ec2.InstanceType;
import software.amazon.awscdk.services.ec2.LaunchTemplate;
import software.amazon.awscdk.services.ec2.LaunchTemplateHttpTokens;
import software.amazon.awscdk.services.ec2.MachineImage;
import software.amazon.awscdk.services.ec2.MachineImageConfig;
import software.amazon.awscdk.services.ec2.OperatingSystemType;
import software.amazon.awscdk.services.ec2.UserData;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;
import software.constructs.IConstruct;

/**
 * The bridge as a systemd unit on instances of an auto-scaling group over two zones. The unit runs
 * the same image as Fargate does. Nobody logs in by SSH: Session Manager opens a shell.
 */
final class Ec2Runner extends Construct implements BridgeRunner {
  private final Capabilities given;
  private final AutoScalingGroup group;

  /**
   * @param topic who is told of instances that come and go
   */
  Ec2Runner(Construct scope, String id, Capabilities given, ITopic topic) {
    super(scope, id);
    this.given = given;
    Fleet fleet = given.options().fleet();
    grantSessions(given.role());
    given.image().repository().grantPull(given.role());
    UserData userData = UserData.forLinux();
    group =
        AutoScalingGroup.Builder.create(this, "Group")
            .vpc(given.base().network().vpc())
            .vpcSubnets(given.base().network().subnets())
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
    userData.addCommands(script(fleet));
    if (fleet.scales()) {
      scale();
    }
  }

  private LaunchTemplate template(Fleet fleet, UserData userData) {
    return LaunchTemplate.Builder.create(this, "Template")
        .instanceType(new InstanceType(fleet.instanceType()))
        .machineImage(
            fleet
                .ami()
                .<IMachineImage>map(PinnedImage::new)
                .orElseGet(
                    () ->
                        MachineImage.latestAmazonLinux2023(
                            AmazonLinux2023ImageSsmParameterProps.builder()
                                .cpuType(AmazonLinuxCpuType.ARM_64)
                                .build())))
        .associatePublicIpAddress(given.base().network().inPublic() ? Boolean.TRUE : null)
        .role(given.role())
        .securityGroup(given.base().clients())
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

  private String script(Fleet fleet) {
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
    values.put("LOG_GROUP", given.base().logs().bridge().getLogGroupName());
    values.put("STACK", stack.getStackName());
    values.put("RESOURCE", stack.getLogicalId((CfnElement) resource()));
    values.put("HEALTH_PORT", Integer.toString(Parameters.HEALTH_PORT));
    values.put("PARAMETERS", given.options().parameters());
    values.put("CONFIGURATION", given.parameters().fingerprint());
    for (Map.Entry<String, String> value : values.entrySet()) {
      script = script.replace("%" + value.getKey() + "%", value.getValue());
    }
    return script;
  }

  /** Target tracking on a metric without dimensions, as on Fargate. */
  private void scale() {
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

  /** Session Manager (Systems Manager User Guide, "Verify or add instance permissions"). */
  private static void grantSessions(Role role) {
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .sid("SessionManager")
            .actions(
                List.of(
                    "ssm:UpdateInstanceInformation",
                    "ssmmessages:CreateControlChannel",
                    "ssmmessages:CreateDataChannel",
                    "ssmmessages:OpenControlChannel",
                    "ssmmessages:OpenDataChannel"))
            // AWS knows no resource for the channels of the agent.
            .resources(List.of("*"))
            .build());
  }

  /** One image by its id, in whatever region: no deployment takes another by itself. */
  private record PinnedImage(String id) implements IMachineImage {
    @Override
    public MachineImageConfig getImage(Construct scope) {
      return MachineImageConfig.builder()
          .imageId(id)
          .osType(OperatingSystemType.LINUX)
          .userData(UserData.forLinux())
          .build();
    }
  }

  @Override
  public IConstruct resource() {
    return requireNonNull(group.getNode().getDefaultChild());
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
