package org.messagebusbridge.infra;

import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.scheduler.Schedule;
import software.amazon.awscdk.services.scheduler.ScheduleExpression;
import software.amazon.awscdk.services.scheduler.targets.EcsRunFargateTask;
import software.constructs.Construct;

/** The smoke task by the clock: a round trip each so many minutes. {@link Alarms} hears of it. */
final class Canary extends Construct {
  Canary(
      Construct scope,
      String id,
      Options options,
      BaseStack base,
      Cluster cluster,
      SmokeTask smoke) {
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
        .build();
  }
}
