package org.messagebusbridge.infra;

import java.util.List;
import java.util.Locale;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ecr.LifecycleRule;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.TagMutability;
import software.constructs.Construct;

/**
 * Where a pipeline puts the images, a stack of its own: it has to be there before the first image,
 * and that before the stack that runs it.
 */
final class Registry extends Stack {
  Registry(Construct scope, String id, StackProps props, Options options) {
    super(scope, id, props);
    repository("Bridge", bridge(options), options);
    repository("Tester", tester(options), options);
  }

  /** The name of the bridge's repository, which the pipeline pushes to. */
  static String bridge(Options options) {
    return prefix(options) + "/bridge";
  }

  /** The name of the tester's. */
  static String tester(Options options) {
    return prefix(options) + "/tester";
  }

  /** ECR's names have no capitals. */
  private static String prefix(Options options) {
    return options.stackName().toLowerCase(Locale.ROOT);
  }

  private void repository(String id, String name, Options options) {
    Repository.Builder.create(this, id)
        .repositoryName(name)
        .imageScanOnPush(true)
        // A tag that never moves is what makes going back to the previous image certain.
        .imageTagMutability(TagMutability.IMMUTABLE)
        .lifecycleRules(List.of(LifecycleRule.builder().maxImageCount(50).build()))
        .removalPolicy(Removal.of(options))
        .emptyOnDelete(!options.isProtected())
        .build();
  }
}
