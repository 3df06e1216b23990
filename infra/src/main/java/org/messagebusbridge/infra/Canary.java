package org.messagebusbridge.infra;

import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.scheduler.Schedule;
import software.amazon.awscdk.services.scheduler.ScheduleExpression;
import software.amazon.awscdk.services.scheduler.targets.EcsRunFargateTask;
import software.constructs.Construct;
import software.constructs.IConstruct;

/**
 * The smoke task by the clock: a round trip each so many minutes, once there is a bridge. {@link
 * Alarms} hears of it.
 */
final class Canary extends Construct {
  Canary(
      Construct scope,
      String id,
      Options options,
      BaseStack base,
      Cluster cluster,
      SmokeTask smoke,
      IConstruct runner) {
    super(scope, id);
    Schedule.Builder.create(this, "Schedule")
        .description("A round trip through the smoke queues of " + options.stackName())
        .schedule(ScheduleExpression.rate(Duration.minutes(options.watch().canaryMinutes())))
        .target(
            EcsRunFargateTask.Builder.create(cluster)
                .retryAttempts(0)
                .taskDefinition(smoke.task())
                .vpcSubnets(base.network().subnets())
                .securityGroups(List.of(base.clients()))
                .assignPublicIp(base.network().inPublic())
                .build())
        .build()
        // Its first round trip is made at once, and needs what the bridge needs.
        .getNode()
        .addDependency(runner);
  }
}
