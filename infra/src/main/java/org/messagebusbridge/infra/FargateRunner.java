package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.infra.Options.Fleet;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.applicationautoscaling.EnableScalingProps;
import software.amazon.awscdk.services.ecs.AlarmBehavior;
import software.amazon.awscdk.services.ecs.AvailabilityZoneRebalancing;
import software.amazon.awscdk.services.ecs.CapacityProviderStrategy;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.DeploymentAlarmConfig;
import software.amazon.awscdk.services.ecs.DeploymentCircuitBreaker;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.ICluster;
import software.amazon.awscdk.services.ecs.TrackCustomMetricProps;
import software.constructs.Construct;
import software.constructs.IConstruct;

/**
 * The bridge as a service of Fargate tasks on arm64. A deployment whose tasks do not stay up, or
 * whose gate raises an alarm, goes back to the one before; the number of tasks follows the backlog
 * for each.
 */
final class FargateRunner extends Construct implements BridgeRunner {
  /** Messages that wait for each task, which scaling keeps to. */
  static final int BACKLOG = 1_000;

  private final Capabilities given;
  private final FargateService service;

  /**
   * @param gate names of alarms that a deployment fails by; empty: of none
   */
  FargateRunner(
      Construct scope, String id, Capabilities given, ICluster cluster, List<String> gate) {
    super(scope, id);
    this.given = given;
    Fleet fleet = given.options().fleet();
    FargateService.Builder builder =
        FargateService.Builder.create(this, "Service")
            .cluster(cluster)
            .taskDefinition(task(fleet))
            .minHealthyPercent(100)
            .maxHealthyPercent(200)
            .availabilityZoneRebalancing(AvailabilityZoneRebalancing.ENABLED)
            .circuitBreaker(DeploymentCircuitBreaker.builder().rollback(true).build())
            .vpcSubnets(given.base().network().subnets())
            .securityGroups(List.of(given.base().clients()))
            .assignPublicIp(given.base().network().inPublic());
    if (!gate.isEmpty()) {
      builder.deploymentAlarms(
          DeploymentAlarmConfig.builder()
              .alarmNames(gate)
              .behavior(AlarmBehavior.ROLLBACK_ON_ALARM)
              .build());
    }
    if (fleet.spot()) {
      builder.capacityProviderStrategies(spot(fleet));
    }
    if (!fleet.scales()) {
      // Where it scales the number is Application Auto Scaling's, and each deployment would reset
      // it.
      builder.desiredCount(fleet.least());
    }
    service = builder.build();
    if (fleet.scales()) {
      scale(fleet);
    }
  }

  /** What has to be there at any time is not Spot. */
  private static List<CapacityProviderStrategy> spot(Fleet fleet) {
    return List.of(
        CapacityProviderStrategy.builder()
            .capacityProvider("FARGATE")
            .base(fleet.least())
            .weight(0)
            .build(),
        CapacityProviderStrategy.builder().capacityProvider("FARGATE_SPOT").weight(1).build());
  }

  private void scale(Fleet fleet) {
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

  private FargateTaskDefinition task(Fleet fleet) {
    FargateTaskDefinition task =
        Tasks.arm64(this, "bridge", fleet.cpu(), fleet.memory(), given.role(), Optional.empty());
    task.addContainer(
        "bridge",
        ContainerDefinitionOptions.builder()
            .containerName("bridge")
            .image(given.image().forTask())
            .command(given.arguments())
            .environment(given.parameters().environment())
            .dockerLabels(Map.of("configuration", given.parameters().fingerprint()))
            .readonlyRootFilesystem(true)
            .stopTimeout(Duration.seconds(fleet.stopSeconds()))
            .logging(Tasks.logs(given.base().logs().bridge(), "console"))
            .healthCheck(Tasks.alive())
            .build());
    given.options().images().collector().ifPresent(image -> new Collector(given).beside(task));
    return task;
  }

  @Override
  public IConstruct resource() {
    return service.getNode().findChild("Service");
  }

  /** Of the service, for its metrics. */
  FargateService service() {
    return service;
  }
}
