package org.messagebusbridge.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.messagebusbridge.infra.Options.Service;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/** Who the bridge and its tester are in AWS: each may do what it calls, and nothing else. */
record Roles(Options options, Broker broker, Keys keys, Parameters parameters) {

  /**
   * The bridge's.
   *
   * @param service that it runs on: ecs-tasks or ec2
   */
  Role bridge(Construct scope, String id, String service, Logs logs, BridgeMetrics metrics) {
    List<String> secrets = new ArrayList<>();
    if (options.peer() instanceof Service peer) {
      peer.secretArn().ifPresent(secrets::add);
    }
    Role role = reader(scope, id, service, Optional.empty(), secrets);
    logs.grantWrite(role);
    metrics.grantPublish(role);
    Accepted.finding(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        "cloudwatch:PutMetricData knows no resources, a condition narrows it to one namespace; nor"
            + " do Session Manager's channels, X-Ray and ecr:GetAuthorizationToken.");
    return role;
  }

  /**
   * That of the tester and of the stub that it tests with.
   *
   * @param name by which a pipeline may pass it on
   */
  Role smoke(Construct scope, String id, String name) {
    return reader(scope, id, "ecs-tasks", Optional.of(name), List.of());
  }

  private Role reader(
      Construct scope, String id, String service, Optional<String> name, List<String> secrets) {
    Role.Builder builder =
        Role.Builder.create(scope, id).assumedBy(new ServicePrincipal(service + ".amazonaws.com"));
    name.ifPresent(builder::roleName);
    Role role = builder.build();
    parameters.grantRead(role);
    Accepted.finding(
        role,
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>"
            + ":parameter"
            + options.parameters()
            + "/*]",
        "The bridge's parameters, whatever keys there are: people add them by hand or by -M.");
    List<String> all = new ArrayList<>(secrets);
    all.add(broker.login().getSecretArn());
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .sid("ReadSecrets")
            .actions(List.of("secretsmanager:GetSecretValue"))
            .resources(all)
            .build());
    keys.grantDecrypt(role);
    return role;
  }
}
