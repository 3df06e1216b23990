package org.messagebusbridge.infra;

import java.util.List;
import software.amazon.awscdk.RemovalPolicy;
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
  /** The repositories' names, which the pipeline pushes to. */
  static final String BRIDGE = "messagebusbridge/bridge";

  static final String TESTER = "messagebusbridge/tester";

  Registry(Construct scope, String id, StackProps props) {
    super(scope, id, props);
    repository("Bridge", BRIDGE);
    repository("Tester", TESTER);
  }

  private void repository(String id, String name) {
    Repository.Builder.create(this, id)
        .repositoryName(name)
        .imageScanOnPush(true)
        // A tag that never moves is what makes going back to the previous image certain.
        .imageTagMutability(TagMutability.IMMUTABLE)
        .lifecycleRules(List.of(LifecycleRule.builder().maxImageCount(50).build()))
        .removalPolicy(RemovalPolicy.RETAIN)
        .build();
  }
}
