package org.messagebusbridge.infra;

import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.CpuArchitecture;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.constructs.Construct;

/** What the tasks of Fargate have in common. */
final class Tasks {
  private Tasks() {}

  /**
   * A task on arm64, named by its stack, so that a pipeline's rights can be given before the stack
   * is there.
   *
   * @param name of what it runs
   * @param starter the role that pulls its image; empty: one is made
   */
  static FargateTaskDefinition arm64(
      Construct scope, String name, int cpu, int memory, IRole role, Optional<IRole> starter) {
    FargateTaskDefinition.Builder builder =
        FargateTaskDefinition.Builder.create(scope, "Task")
            .family(Stack.of(scope).getStackName() + "-" + name)
            .cpu(cpu)
            .memoryLimitMiB(memory)
            .runtimePlatform(
                RuntimePlatform.builder()
                    .cpuArchitecture(CpuArchitecture.ARM64)
                    .operatingSystemFamily(OperatingSystemFamily.LINUX)
                    .build())
            .taskRole(role);
    starter.ifPresent(builder::executionRole);
    FargateTaskDefinition task = builder.build();
    Accepted.finding(
        task,
        "AwsSolutions-IAM5[Resource::*]",
        "ecr:GetAuthorizationToken, with which a task's image is pulled, knows no resources.");
    Accepted.finding(
        task,
        "AwsSolutions-ECS2",
        "Its variables name the region, where its parameters are, and queues; none is a secret.");
    return task;
  }

  /** Alive, not ready: a task must not be killed because the service that it speaks to is down. */
  static HealthCheck alive() {
    return HealthCheck.builder()
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
                Integer.toString(Parameters.HEALTH_PORT)))
        .interval(Duration.seconds(30))
        .timeout(Duration.seconds(10))
        .startPeriod(Duration.minutes(1))
        .retries(3)
        .build();
  }

  static LogDriver logs(ILogGroup group, String prefix) {
    return LogDriver.awsLogs(
        AwsLogDriverProps.builder().logGroup(group).streamPrefix(prefix).build());
  }
}
