package org.messagebusbridge.infra;

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
 * What the workflows at GitHub may do, without any key: one role deploys from the environment
 * {@code production}, another reads what is deployed, to show what a pull request would change.
 */
final class PipelineStack extends Stack {
  private static final String ISSUER = "token.actions.githubusercontent.com";

  private final Options options;

  PipelineStack(Construct scope, String id, StackProps props, Pipeline pipeline, Options options) {
    super(scope, id, props);
    this.options = options;
    String provider = pipeline.provider().orElseGet(this::provider);
    String subject = "repo:" + pipeline.repository() + ":";
    Role deploy = role("Deploy", provider, subject + "environment:production");
    deploys(deploy);
    Role diff = role("Diff", provider, subject + "pull_request");
    allow(diff, "Cdk", List.of("sts:AssumeRole"), bootstrapped("lookup-role-*"));
    Accepted.finding(
        diff,
        wildcard("iam::<AWS::AccountId>:role/cdk-hnb659fds-lookup-role-*"),
        "The CDK's bootstrap names its role by account and region, which may be any of them.");

    output("DeployRole", deploy.getRoleArn());
    output("DiffRole", diff.getRoleArn());
  }

  private void deploys(Role deploy) {
    // The CDK's own roles do the work; this one may put them on.
    allow(deploy, "Cdk", List.of("sts:AssumeRole"), bootstrapped("*"));
    for (String repository : List.of(Registry.BRIDGE, Registry.TESTER)) {
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
        deploy, "Run", List.of("ecs:RunTask"), arn("ecs", "task-definition/" + name + "-tester:*"));
    allow(
        deploy,
        "Watch",
        List.of("ecs:DescribeTasks", "ecs:StopTask"),
        arn("ecs", "task/" + name + "-*"));
    String streams = "log-group:/messagebusbridge/" + name + ":log-stream:smoke/*";
    allow(deploy, "Log", List.of("logs:GetLogEvents"), arn("logs", streams));
    deploy.addToPolicy(
        PolicyStatement.Builder.create()
            .sid("RolesOfTheTester")
            .actions(List.of("iam:PassRole"))
            .resources(List.of(role(name + "-*")))
            .conditions(
                Map.of("StringEquals", Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com")))
            .build());

    String later =
        "What it is for is made after this stack, with an ending that is not known here.";
    for (String resource :
        List.of(
            "cloudformation:" + here + "stack/" + name + "/*",
            "ecs:" + here + "task-definition/" + name + "-tester:*",
            "ecs:" + here + "task/" + name + "-*",
            "logs:" + here + streams,
            "iam::<AWS::AccountId>:role/" + name + "-*")) {
      Accepted.finding(deploy, wildcard(resource), later);
    }
    Accepted.finding(
        deploy,
        wildcard("iam::<AWS::AccountId>:role/cdk-hnb659fds-*"),
        "The CDK's bootstrap made these roles for deployments: to deploy, publish and look up.");
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

  private Role role(String id, String provider, String subject) {
    return Role.Builder.create(this, id)
        .assumedBy(
            new WebIdentityPrincipal(
                provider,
                Map.of(
                    "StringEquals",
                    Map.of(ISSUER + ":aud", "sts.amazonaws.com", ISSUER + ":sub", subject))))
        .maxSessionDuration(Duration.hours(1))
        .build();
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
    return role("cdk-hnb659fds-" + role);
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
