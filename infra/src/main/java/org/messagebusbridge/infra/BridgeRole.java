package org.messagebusbridge.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.messagebusbridge.infra.Options.Peer;
import org.messagebusbridge.infra.Options.Service;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;
import software.constructs.IConstruct;

/** Who the bridge, or its tester, is in AWS: it may do what it calls, and nothing else. */
final class BridgeRole extends Construct {
  private final Role role;

  /**
   * @param service that it runs on: ecs-tasks or ec2
   */
  BridgeRole(Construct scope, String id, String service) {
    super(scope, id);
    role =
        Role.Builder.create(this, "Role")
            .assumedBy(new ServicePrincipal(service + ".amazonaws.com"))
            .build();
  }

  /** Its configuration and the secrets that this names, as they are read with {@code -s}. */
  BridgeRole reads(Parameters parameters, Broker broker, Peer peer) {
    parameters.grantRead(role);
    Accepted.finding(
        role,
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>"
            + ":parameter/mq2wsbridge/*]",
        "The bridge's parameters, whatever keys there are: people add them by hand or by -M.");
    List<String> secrets = new ArrayList<>();
    secrets.add(broker.secret().getSecretArn());
    if (peer instanceof Service service) {
      service.secretArn().ifPresent(secrets::add);
    }
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .sid("ReadSecrets")
            .actions(List.of("secretsmanager:GetSecretValue"))
            .resources(secrets)
            .build());
    return this;
  }

  /** Its log and its metrics, as {@code -l} and {@code -m} send them. */
  BridgeRole tells(Logs logs, BridgeMetrics metrics) {
    logs.grantWrite(role);
    Accepted.finding(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        "cloudwatch:PutMetricData knows no resources, a condition narrows it to one namespace; nor"
            + " do Session Manager's channels and ecr:GetAuthorizationToken, on EC2.");
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .sid("PublishMetrics")
            .actions(List.of("cloudwatch:PutMetricData"))
            // AWS knows no resource for it; the condition on the namespace narrows it.
            .resources(List.of("*"))
            .conditions(Map.of("StringEquals", Map.of("cloudwatch:namespace", metrics.namespace())))
            .build());
    return this;
  }

  /** Session Manager (Systems Manager User Guide, "Verify or add instance permissions"). */
  void letsSessionsIn() {
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .sid("SessionManager")
            .actions(
                List.of(
                    "ssm:UpdateInstanceInformation",
                    "ssmmessages:CreateControlChannel",
                    "ssmmessages:CreateDataChannel",
                    "ssmmessages:OpenControlChannel",
                    "ssmmessages:OpenDataChannel"))
            // AWS knows no resource for the channels of the agent.
            .resources(List.of("*"))
            .build());
  }

  /** What it may do; the role itself may be there before. */
  IConstruct policy() {
    return role.getNode().findChild("DefaultPolicy");
  }

  IRole role() {
    return role;
  }
}
