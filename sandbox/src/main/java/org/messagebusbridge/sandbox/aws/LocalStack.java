package org.messagebusbridge.sandbox.aws;

import java.net.URI;
import org.messagebusbridge.sandbox.SandboxException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** LocalStack in a container, which Testcontainers starts, and removes when this JVM ends. */
final class LocalStack implements Emulator {

  /** The last line that runs without an account at its makers. */
  private static final DockerImageName IMAGE =
      DockerImageName.parse("localstack/localstack:4.14.0");

  private final LocalStackContainer container;

  private LocalStack(LocalStackContainer container) {
    this.container = container;
  }

  /** Whether there is a Docker that answers. */
  static boolean isAvailable() {
    return Docker.AVAILABLE;
  }

  static LocalStack start() {
    LocalStackContainer container =
        new LocalStackContainer(IMAGE)
            .withServices("ssm", "secretsmanager", "logs", "cloudwatch", "kms", "sts", "iam");
    try {
      container.start();
    } catch (ContainerLaunchException e) {
      container.close();
      throw new SandboxException("%s did not start: %s".formatted(IMAGE, e.getMessage()), e);
    }
    return new LocalStack(container);
  }

  @Override
  public URI uri() {
    return container.getEndpoint();
  }

  @Override
  public String name() {
    return IMAGE.asCanonicalNameString();
  }

  @Override
  public void close() {
    container.close();
  }

  /** Asked once: without Docker the answer takes a moment. */
  private static final class Docker {
    static final boolean AVAILABLE = DockerClientFactory.instance().isDockerAvailable();
  }
}
