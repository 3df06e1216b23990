package org.messagebusbridge.infra;

import java.util.Map;
import software.amazon.awscdk.Validations;
import software.constructs.IConstruct;

/** Findings of cdk-nag that are meant, each with its reason; a test holds the whole list. */
final class Accepted {
  private Accepted() {}

  /**
   * Accepts a finding on a construct and all below it. Not by {@code Validations.acknowledge},
   * which refuses a rule's name that has more than one double colon in it, as those with an ARN do.
   *
   * @param rule as the finding says, such as AwsSolutions-IAM5[Resource::*]
   */
  static void finding(IConstruct where, String rule, String reason) {
    where.getNode().addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, Map.of(rule, reason));
  }
}
