package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.messagebusbridge.infra.Options.Queues;
import org.messagebusbridge.infra.smoke.Deployed;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ecs.ContainerDefinition;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerDependency;
import software.amazon.awscdk.services.ecs.ContainerDependencyCondition;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/**
 * A round trip to be run once, as {@code ./mbb smoke}, the pipeline and the canary do: the tester
 * and a stub of its own, through queues of their own. So images, configuration, secrets, network
 * and broker are tried, and no message of anybody else is touched, whether or not the provider
 * echoes. The tester's exit code says whether all messages came back.
 */
final class SmokeTask extends Construct {
  private final FargateTaskDefinition task;

  /**
   * @param bridge the bridge's own image
   */
  SmokeTask(
      Construct scope, String id, Capabilities given, Roles roles, Image bridge, Image tester) {
    super(scope, id);
    Role role = roles.smoke(this, "Role", roleName(this, given.options(), "smoke"));
    Role starter =
        Role.Builder.create(this, "Starter")
            .roleName(roleName(this, given.options(), "start"))
            .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
            .build();
    Accepted.finding(
        starter,
        "AwsSolutions-IAM5[Resource::*]",
        "ecr:GetAuthorizationToken, with which a task's image is pulled, knows no resources.");
    task = Tasks.arm64(this, "smoke", 256, 1024, role, Optional.of(starter));
    Map<String, String> environment = environment(given);
    ContainerDefinition stub =
        task.addContainer(
            "bridge",
            ContainerDefinitionOptions.builder()
                .containerName("bridge")
                .image(bridge.forTask())
                .command(List.of("bridge", "-s", "-v", "-X"))
                .environment(environment)
                .essential(false)
                .readonlyRootFilesystem(true)
                .logging(Tasks.logs(given.base().logs().smoke(), Deployed.LOG_PREFIX))
                .healthCheck(Tasks.alive())
                .build());
    task.addContainer(
            Deployed.CONTAINER,
            ContainerDefinitionOptions.builder()
                .containerName(Deployed.CONTAINER)
                .image(tester.forTask())
                .command(
                    List.of("--ssm", "--number", "100", "--delay", "0.05", "--end-delay", "30"))
                .environment(environment)
                .readonlyRootFilesystem(true)
                .logging(Tasks.logs(given.base().logs().smoke(), Deployed.LOG_PREFIX))
                .build())
        .addContainerDependencies(
            ContainerDependency.builder()
                .container(stub)
                .condition(ContainerDependencyCondition.HEALTHY)
                .build());
  }

  private static Map<String, String> environment(Capabilities given) {
    Queues queues = given.options().queues().smoke();
    Map<String, String> environment = new TreeMap<>(given.parameters().environment());
    environment.put("MBB_AWS_MQ_MQ_QNAME_TO_WS", queues.toWs());
    environment.put("MBB_AWS_MQ_MQ_QNAME_FROM_WS", queues.fromWs());
    environment.put("MBB_BRIDGE_HA_MODE", "parallel");
    return environment;
  }

  /** Known before it is there: IAM's names are the account's, so the region is in them. */
  static String roleName(Construct scope, Options options, String what) {
    return options.stackName() + "-" + Stack.of(scope).getRegion() + "-" + what;
  }

  FargateTaskDefinition task() {
    return task;
  }
}
