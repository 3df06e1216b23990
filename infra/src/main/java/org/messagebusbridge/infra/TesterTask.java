package org.messagebusbridge.infra;

import java.util.List;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.constructs.Construct;

/**
 * The tester as a task to be run once, as {@code ./mbb smoke} and the pipeline do: its exit code
 * says whether all messages came back.
 */
final class TesterTask extends Construct {
  /** Of its log streams, which are named {@code PREFIX/CONTAINER/TASK}. */
  static final String LOG_PREFIX = "smoke";

  static final String CONTAINER = "tester";

  private final FargateTaskDefinition task;

  TesterTask(Construct scope, String id, BridgeRole role, Image image, Logs logs) {
    super(scope, id);
    task = FargateRunner.arm64(this, CONTAINER, 256, 512, role);
    task.addContainer(
        CONTAINER,
        ContainerDefinitionOptions.builder()
            .containerName(CONTAINER)
            .image(image.forTask())
            .command(List.of("--ssm", "--number", "100", "--delay", "0.05", "--end-delay", "30"))
            .readonlyRootFilesystem(true)
            .logging(FargateRunner.logs(logs, LOG_PREFIX))
            .build());
  }

  String arn() {
    return task.getTaskDefinitionArn();
  }
}
