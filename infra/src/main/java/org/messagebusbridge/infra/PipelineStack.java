package org.messagebusbridge.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.messagebusbridge.infra.Options.Pipeline;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.iam.CfnOIDCProvider;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.WebIdentityPrincipal;
import software.constructs.Construct;

/**
 * What the workflows at GitHub may do, without any key: one role deploys from one environment
 * there, another reads what is deployed, to show what a pull request would change.
 */
final class PipelineStack extends Stack {
  private static final String ISSUER = "token.actions.githubusercontent.com";

  private final Options options;

  PipelineStack(Construct scope, String id, StackProps props, Pipeline pipeline, Options options) {
    super(scope, id, props);
    this.options = options;
    String provider = pipeline.provider().orElseGet(this::provider);
    Role deploy =
        role("Deploy", provider, pipeline.repository(), "environment:" + pipeline.environment());
    deploys(deploy);
    Role diff = role("Diff", provider, pipeline.repository(), "pull_request");
    allow(diff, "Cdk", List.of("sts:AssumeRole"), bootstrapped("lookup"));

    output("DeployRole", deploy.getRoleArn());
    output("DiffRole", diff.getRoleArn());
  }

  private void deploys(Role deploy) {
    // The CDK's own roles do the work; this one may put on those of this region, no others.
    for (String role : List.of("deploy", "file-publishing", "image-publishing", "lookup")) {
      allow(deploy, "Cdk" + role.replace("-", ""), List.of("sts:AssumeRole"), bootstrapped(role));
    }
    for (String repository : List.of(Registry.bridge(options), Registry.tester(options))) {
      Repository.fromRepositoryName(this, repository, repository).grantPullPush(deploy);
    }
    String name = options.stackName();
    String here = "<AWS::Region>:<AWS::AccountId>:";
    allow(
        deploy,
        "Outputs",
        List.of("cloudformation:DescribeStacks"),
        arn("cloudformation", "stack/" + name + "/*"));
    allow(
        deploy,
        "OutputsOfTheBase",
        List.of("cloudformation:DescribeStacks"),
        arn("cloudformation", "stack/" + name + "-Base/*"));
    deploy.addToPolicy(
        PolicyStatement.Builder.create()
            .sid("Run")
            .actions(List.of("ecs:RunTask"))
            .resources(List.of(arn("ecs", "task-definition/" + name + "-smoke:*")))
            .conditions(Map.of("ArnEquals", Map.of("ecs:cluster", arn("ecs", "cluster/" + name))))
            .build());
    allow(
        deploy,
        "Watch",
        List.of("ecs:DescribeTasks", "ecs:StopTask"),
        arn("ecs", "task/" + name + "/*"));
    String streams = "log-group:/messagebusbridge/" + name + "/smoke:log-stream:smoke/*";
    allow(deploy, "Log", List.of("logs:GetLogEvents"), arn("logs", streams));
    deploy.addToPolicy(
        PolicyStatement.Builder.create()
            .sid("RolesOfTheSmokeTask")
            .actions(List.of("iam:PassRole"))
            .resources(
                List.of(
                    role(SmokeTask.roleName(this, options, "smoke")),
                    role(SmokeTask.roleName(this, options, "start"))))
            .conditions(
                Map.of("StringEquals", Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com")))
            .build());

    String later =
        "What it is for is made after this stack, with an ending that is not known here.";
    for (String resource :
        List.of(
            "cloudformation:" + here + "stack/" + name + "/*",
            "cloudformation:" + here + "stack/" + name + "-Base/*",
            "ecs:" + here + "task-definition/" + name + "-smoke:*",
            "ecs:" + here + "task/" + name + "/*",
            "logs:" + here + streams)) {
      Accepted.finding(deploy, wildcard(resource), later);
    }
    Accepted.finding(
        deploy,
        "AwsSolutions-IAM5[Resource::*]",
        "ecr:GetAuthorizationToken, with which images are pushed, knows no resources.");
  }

  private static String wildcard(String resource) {
    return "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:" + resource + "]";
  }

  private String provider() {
    return CfnOIDCProvider.Builder.create(this, "GitHub")
        .url("https://" + ISSUER)
        .clientIdList(List.of("sts.amazonaws.com"))
        .build()
        .getAttrArn();
  }

  private Role role(String id, String provider, Options.Repository repository, String context) {
    return Role.Builder.create(this, id)
        .assumedBy(
            new WebIdentityPrincipal(
                provider,
                Map.of(
                    "StringEquals",
                    Map.of(
                        ISSUER + ":aud",
                        "sts.amazonaws.com",
                        ISSUER + ":sub",
                        subjects(repository, context)))))
        .maxSessionDuration(Duration.hours(1))
        .build();
  }

  /**
   * Repositories that were made or renamed since 15 July 2026 say their numbers, too (GitHub
   * changelog, "Immutable subject claims for GitHub Actions OIDC tokens", 23 April 2026).
   */
  static List<String> subjects(Options.Repository repository, String context) {
    List<String> subjects = new ArrayList<>();
    subjects.add("repo:%s/%s:%s".formatted(repository.owner(), repository.name(), context));
    if (repository.ownerId().isPresent() && repository.id().isPresent()) {
      subjects.add(
          "repo:%s@%s/%s@%s:%s"
              .formatted(
                  repository.owner(),
                  repository.ownerId().get(),
                  repository.name(),
                  repository.id().get(),
                  context));
    }
    return subjects;
  }

  private static void allow(Role role, String id, List<String> actions, String resource) {
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .sid(id)
            .effect(Effect.ALLOW)
            .actions(actions)
            .resources(List.of(resource))
            .build());
  }

  private String bootstrapped(String role) {
    return role(
        "cdk-%s-%s-role-%s-%s"
            .formatted(options.account().qualifier(), role, getAccount(), getRegion()));
  }

  private String role(String name) {
    return "arn:" + getPartition() + ":iam::" + getAccount() + ":role/" + name;
  }

  private String arn(String service, String resource) {
    return String.join(":", "arn", getPartition(), service, getRegion(), getAccount(), resource);
  }

  private void output(String name, String value) {
    CfnOutput.Builder.create(this, name + "Output").value(value).build().overrideLogicalId(name);
  }
}
