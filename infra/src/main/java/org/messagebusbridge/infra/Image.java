package org.messagebusbridge.infra;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.messagebusbridge.infra.Options.Images;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.RepositoryAttributes;
import software.amazon.awscdk.services.ecr.assets.TarballImageAsset;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.EcrImage;
import software.constructs.Construct;

/**
 * An image to run, for arm64: that of a whole URI, or that of a tag which a pipeline pushed, or
 * else the tarball that {@code ./mbb images} left, which the CDK pushes by the Docker or Finch of
 * the machine that deploys.
 */
final class Image extends Construct {
  private static final Pattern URI =
      Pattern.compile(
          "(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.(amazonaws\\.com[.cn]*)/([^:@]+)[:@](.*)");

  private final IRepository repository;
  private final String tag;
  private final Optional<String> uri;

  /**
   * @param name of the image, bridge or tester
   * @param repositoryName where the pipeline pushes it to
   */
  Image(Construct scope, String id, Images choice, String name, String repositoryName) {
    super(scope, id);
    uri = name.equals("bridge") ? choice.bridge() : choice.tester();
    if (uri.isPresent()) {
      Matcher parts = URI.matcher(uri.get());
      if (!parts.matches()) {
        throw new IllegalArgumentException(uri.get());
      }
      repository = repository(this, parts);
      tag = parts.group(5);
    } else if (choice.tag().isPresent()) {
      repository = Repository.fromRepositoryName(this, "Repository", repositoryName);
      tag = choice.tag().get();
    } else {
      TarballImageAsset asset =
          TarballImageAsset.Builder.create(this, "Asset")
              .tarballFile(tarball(choice, name).toAbsolutePath().toString())
              .build();
      repository = asset.getRepository();
      tag = asset.getImageTag();
    }
  }

  private static IRepository repository(Construct scope, Matcher parts) {
    String arn =
        "arn:%s:ecr:%s:%s:repository/%s"
            .formatted(
                parts.group(3).endsWith(".cn") ? "aws-cn" : "aws",
                parts.group(2),
                parts.group(1),
                parts.group(4));
    return Repository.fromRepositoryAttributes(
        scope,
        "Repository",
        RepositoryAttributes.builder().repositoryArn(arn).repositoryName(parts.group(4)).build());
  }

  /** An image of others: a task may pull it where it is in ECR, and anybody where it is public. */
  static ContainerImage ofOthers(Construct scope, String uri) {
    Matcher parts = URI.matcher(uri);
    return parts.matches()
        ? ContainerImage.fromEcrRepository(repository(scope, parts), parts.group(5))
        : ContainerImage.fromRegistry(uri);
  }

  /** Where {@code ./mbb images} leaves one. */
  static Path tarball(Images choice, String name) {
    return Path.of(choice.folder(), name + "-arm64.tar");
  }

  /** For a task. */
  EcrImage forTask() {
    return ContainerImage.fromEcrRepository(repository, tag);
  }

  /** In full: for a container engine, and to come back to. */
  String uri() {
    return uri.orElseGet(() -> repository.repositoryUriForTagOrDigest(tag));
  }

  /** The host that it comes from, for the engine's login. */
  String registry() {
    return Fn.select(0, Fn.split("/", repository.getRepositoryUri()));
  }

  IRepository repository() {
    return repository;
  }
}
