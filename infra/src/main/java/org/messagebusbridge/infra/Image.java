package org.messagebusbridge.infra;

import java.nio.file.Files;
import java.nio.file.Path;
import org.messagebusbridge.infra.Options.Images;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.assets.TarballImageAsset;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.EcrImage;
import software.constructs.Construct;

/**
 * An image to run, for arm64: that of a tag which a pipeline pushed, or else the tarball that
 * {@code ./mbb images} left, which the CDK pushes by the Docker or Finch of the machine that
 * deploys.
 */
final class Image extends Construct {
  private final IRepository repository;
  private final String tag;

  /**
   * @param name of the image, bridge or tester
   * @param repositoryName where the pipeline pushes it to
   */
  Image(Construct scope, String id, Images choice, String name, String repositoryName) {
    super(scope, id);
    Path tarball = Path.of(choice.folder(), name + "-arm64.tar");
    if (choice.tag().isEmpty() && Files.isRegularFile(tarball)) {
      TarballImageAsset asset =
          TarballImageAsset.Builder.create(this, "Asset")
              .tarballFile(tarball.toAbsolutePath().toString())
              .build();
      repository = asset.getRepository();
      tag = asset.getImageTag();
    } else {
      repository = Repository.fromRepositoryName(this, "Repository", repositoryName);
      tag = choice.tag().orElse(choice.version());
      if (choice.tag().isEmpty()) {
        Annotations.of(this)
            .addInfo(
                "There is no %s, so the stack takes %s:%s; ./mbb images makes the tarball, -c tag=TAG"
                        .formatted(tarball, repositoryName, tag)
                    + " names another image.");
      }
    }
  }

  /** For a task. */
  EcrImage forTask() {
    return ContainerImage.fromEcrRepository(repository, tag);
  }

  /** For a container engine. */
  String uri() {
    return repository.repositoryUriForTag(tag);
  }

  /** The host that it comes from, for the engine's login. */
  String registry() {
    return Fn.select(0, Fn.split("/", repository.getRepositoryUri()));
  }

  /** Its tag in the repository. */
  String tag() {
    return tag;
  }

  IRepository repository() {
    return repository;
  }
}
