package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import org.messagebusbridge.infra.Options.Fleet;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.applicationautoscaling.EnableScalingProps;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.CpuArchitecture;
import software.amazon.awscdk.services.ecs.DeploymentCircuitBreaker;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.ecs.ICluster;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.ecs.TrackCustomMetricProps;
import software.constructs.Construct;

/**
 * The bridge as a service of Fargate tasks on arm64. A deployment whose tasks do not stay up goes
 * back to the one before; the number of tasks follows the backlog for each.
 */
final class FargateRunner extends Construct {
  /** Messages that wait for each task, which scaling keeps to. */
  static final int BACKLOG = 1_000;

  private final Capabilities given;

  FargateRunner(Construct scope, String id, Capabilities given, ICluster cluster) {
    super(scope, id);
    this.given = given;
    Fleet fleet = given.fleet();
    FargateService service =
        FargateService.Builder.create(this, "Service")
            .cluster(cluster)
            .taskDefinition(task(fleet))
            .desiredCount(fleet.least())
            .minHealthyPercent(100)
            .maxHealthyPercent(200)
            .circuitBreaker(DeploymentCircuitBreaker.builder().rollback(true).build())
            .vpcSubnets(given.network().subnets())
            .securityGroups(List.of(given.securityGroup()))
            .assignPublicIp(false)
            .build();
    if (fleet.most() > fleet.least()) {
      service
          .autoScaleTaskCount(
              EnableScalingProps.builder()
                  .minCapacity(fleet.least())
                  .maxCapacity(fleet.most())
                  .build())
          .scaleToTrackCustomMetric(
              "Backlog",
              TrackCustomMetricProps.builder()
                  .metric(given.metrics().fleet(BridgeMetrics.BACKLOG, "Average"))
                  .targetValue(BACKLOG)
                  .scaleOutCooldown(Duration.minutes(1))
                  .scaleInCooldown(Duration.minutes(10))
                  .build());
    }
  }

  private FargateTaskDefinition task(Fleet fleet) {
    FargateTaskDefinition task = arm64(this, "bridge", fleet.cpu(), fleet.memory(), given.role());
    task.addContainer(
        "bridge",
        ContainerDefinitionOptions.builder()
            .containerName("bridge")
            .image(given.image().forTask())
            .command(given.arguments())
            .environment(region(this))
            .readonlyRootFilesystem(true)
            .stopTimeout(Duration.seconds(fleet.stopSeconds()))
            .logging(logs(given.logs(), "console"))
            // Alive, not ready: a task must not be killed because the service that it speaks to
            // is down.
            .healthCheck(
                HealthCheck.builder()
                    .command(
                        List.of(
                            "CMD",
                            "java",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx16m",
                            "-cp",
                            "@/app/jib-classpath-file",
                            "org.messagebusbridge.cli.HealthCheck",
                            Integer.toString(BridgeStack.HEALTH_PORT)))
                    .interval(Duration.seconds(30))
                    .timeout(Duration.seconds(10))
                    .startPeriod(Duration.minutes(1))
                    .retries(3)
                    .build())
            .build());
    return task;
  }

  /**
   * A task, named by its stack, so that a pipeline's rights can be given before the stack is there.
   *
   * @param name of what it runs
   */
  static FargateTaskDefinition arm64(
      Construct scope, String name, int cpu, int memory, BridgeRole role) {
    FargateTaskDefinition task =
        FargateTaskDefinition.Builder.create(scope, "Task")
            .family(Stack.of(scope).getStackName() + "-" + name)
            .cpu(cpu)
            .memoryLimitMiB(memory)
            .runtimePlatform(
                RuntimePlatform.builder()
                    .cpuArchitecture(CpuArchitecture.ARM64)
                    .operatingSystemFamily(OperatingSystemFamily.LINUX)
                    .build())
            .taskRole(role.role())
            .build();
    Accepted.finding(
        task,
        "AwsSolutions-IAM5[Resource::*]",
        "ecr:GetAuthorizationToken, with which a task's image is pulled, knows no resources.");
    Accepted.finding(
        task,
        "AwsSolutions-ECS2",
        "Its only variable is AWS_REGION, which is no secret; the rest is in Parameter Store.");
    return task;
  }

  /** Where AWS's services are, for those that ask the environment. */
  static Map<String, String> region(Construct scope) {
    return Map.of("AWS_REGION", Stack.of(scope).getRegion());
  }

  static LogDriver logs(Logs logs, String prefix) {
    return LogDriver.awsLogs(
        AwsLogDriverProps.builder().logGroup(logs.group()).streamPrefix(prefix).build());
  }
}
