package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import org.messagebusbridge.infra.Options.Watch;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;
import software.constructs.Construct;

/** Who is told of alarms, and of instances that come and go. */
final class Topic extends Construct {
  private final software.amazon.awscdk.services.sns.Topic topic;

  Topic(Construct scope, String id, Watch watch) {
    super(scope, id);
    topic =
        software.amazon.awscdk.services.sns.Topic.Builder.create(this, "Topic")
            .enforceSsl(true)
            .build();
    admitAlarms();
    watch
        .email()
        .ifPresent(email -> topic.addSubscription(EmailSubscription.Builder.create(email).build()));
  }

  /**
   * A topic with a policy of its own has lost the one by which its account's alarms could publish
   * (CloudWatch User Guide, "Amazon SNS permissions").
   */
  private void admitAlarms() {
    Stack stack = Stack.of(this);
    String alarms =
        stack.formatArn(
            ArnComponents.builder()
                .service("cloudwatch")
                .resource("alarm")
                .resourceName("*")
                .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                .build());
    topic.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid("AlarmsOfThisAccount")
            .principals(List.of(new ServicePrincipal("cloudwatch.amazonaws.com")))
            .actions(List.of("sns:Publish"))
            .resources(List.of(topic.getTopicArn()))
            .conditions(
                Map.of(
                    "StringEquals", Map.of("aws:SourceAccount", stack.getAccount()),
                    "ArnLike", Map.of("aws:SourceArn", alarms)))
            .build());
  }

  ITopic topic() {
    return topic;
  }
}
