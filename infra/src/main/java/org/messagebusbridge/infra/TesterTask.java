package org.messagebusbridge.infra;

import java.util.List;
import org.messagebusbridge.infra.smoke.Deployed;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.constructs.Construct;

/**
 * The tester as a task to be run once, as {@code ./mbb smoke} and the pipeline do: its exit code
 * says whether all messages came back.
 */
final class TesterTask extends Construct {
  private final FargateTaskDefinition task;

  TesterTask(Construct scope, String id, BridgeRole role, Image image, Logs logs) {
    super(scope, id);
    task = FargateRunner.arm64(this, Deployed.CONTAINER, 256, 512, role);
    task.addContainer(
        Deployed.CONTAINER,
        ContainerDefinitionOptions.builder()
            .containerName(Deployed.CONTAINER)
            .image(image.forTask())
            .command(List.of("--ssm", "--number", "100", "--delay", "0.05", "--end-delay", "30"))
            .environment(FargateRunner.region(this))
            .readonlyRootFilesystem(true)
            .logging(FargateRunner.logs(logs, Deployed.LOG_PREFIX))
            .build());
  }

  String arn() {
    return task.getTaskDefinitionArn();
  }
}
