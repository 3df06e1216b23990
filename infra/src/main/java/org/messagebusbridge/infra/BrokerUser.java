package org.messagebusbridge.infra;

import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.messagebusbridge.infra.Options.OwnBroker;
import org.messagebusbridge.infra.Options.Queues;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.secretsmanager.RotationSchedule;
import software.constructs.Construct;

/**
 * The bridge's own user at the broker: not the administrator, but one that may do what the bridge
 * does to its queues. A function in the VPC makes it by RabbitMQ's management, sets the policy that
 * queues of others need, and changes its password. Its code is {@code lambda/broker_user.py}.
 */
final class BrokerUser extends Construct {
  private final CustomResource user;

  BrokerUser(
      Construct scope,
      String id,
      OwnBroker choice,
      Options options,
      BaseStack base,
      RabbitBroker broker,
      SecurityGroup administrators) {
    super(scope, id);
    LogGroup logs = base.logs().brokerUser().orElseThrow();
    Role role = role(choice, base, broker, logs);
    Function setup = function("Setup", "on_event", base, broker, administrators, role, logs);
    Map<String, Object> properties = new TreeMap<>(permissions(options.queues()));
    properties.put("Secret", broker.login().getSecretArn());
    properties.put("DeliveryLimit", choice.engine().configurable() ? "1000000000" : "");
    user =
        CustomResource.Builder.create(this, "User")
            .serviceToken(setup.getFunctionArn())
            .resourceType("Custom::BrokerUser")
            // Where the function reaches nothing it cannot say so either; else that takes an hour.
            .serviceTimeout(Duration.minutes(15))
            .properties(properties)
            .build();
    // Its rights and its way to the broker come first; what it does comes last.
    user.getNode().addDependency(role);
    if (choice.rotateDays() > 0) {
      RotationSchedule.Builder.create(this, "Rotation")
          .secret(broker.login())
          .rotationLambda(
              function("Rotate", "on_rotation", base, broker, administrators, role, logs))
          .automaticallyAfter(Duration.days(choice.rotateDays()))
          .rotateImmediatelyOnUpdate(false)
          .build()
          .getNode()
          .addDependency(user);
    }
  }

  /**
   * Regular expressions of RabbitMQ's access control: the queues, their dead-letter queues and the
   * lock of instances that stand by; the default exchange, by which all is published.
   */
  static Map<String, String> permissions(Queues queues) {
    String names =
        Stream.of(queues, queues.smoke())
            .flatMap(
                pair ->
                    Stream.of(
                        pair.toWs(), pair.fromWs(), pair.toWs() + ".dead", pair.toWs() + ".active"))
            .map(BrokerUser::literally)
            .collect(Collectors.joining("|"));
    return Map.of(
        "Configure", "^(" + names + ")$",
        "Write", "^(amq\\.default|" + names + ")$",
        "Read", "^(" + names + ")$",
        "Pattern", "^(" + names + ")$");
  }

  private static String literally(String name) {
    return Pattern.compile("[.]").matcher(name).replaceAll("\\\\.");
  }

  private Role role(OwnBroker choice, BaseStack base, RabbitBroker broker, LogGroup logs) {
    Role role =
        Role.Builder.create(this, "Role")
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .build();
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .sid("Network")
            .actions(
                List.of(
                    "ec2:CreateNetworkInterface",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSubnets",
                    "ec2:DeleteNetworkInterface",
                    "ec2:AssignPrivateIpAddresses",
                    "ec2:UnassignPrivateIpAddresses"))
            .resources(List.of("*"))
            .build());
    logs.grantWrite(role);
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .sid("Logins")
            .actions(List.of("secretsmanager:GetSecretValue"))
            .resources(
                List.of(broker.administrator().getSecretArn(), broker.login().getSecretArn()))
            .build());
    base.keys().grantDecrypt(role);
    base.keys().grantEncrypt(role);
    if (choice.rotateDays() > 0) {
      grantRotation(role, broker);
    }
    Accepted.finding(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        "A function in a VPC makes interfaces, and asks for a random password; AWS knows no"
            + " resource for either.");
    return role;
  }

  /** Secrets Manager User Guide, "Lambda rotation function execution role permissions". */
  private static void grantRotation(Role role, RabbitBroker broker) {
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .sid("Rotation")
            .actions(
                List.of(
                    "secretsmanager:DescribeSecret",
                    "secretsmanager:PutSecretValue",
                    "secretsmanager:UpdateSecretVersionStage"))
            .resources(List.of(broker.login().getSecretArn()))
            .build());
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .sid("NewPassword")
            .actions(List.of("secretsmanager:GetRandomPassword"))
            .resources(List.of("*"))
            .build());
  }

  private Function function(
      String id,
      String handler,
      BaseStack base,
      RabbitBroker broker,
      SecurityGroup administrators,
      Role role,
      LogGroup logs) {
    return Function.Builder.create(this, id)
        .description(Stack.of(this).getStackName() + ": the bridge's user at its broker")
        .runtime(Runtime.PYTHON_3_14)
        .architecture(Architecture.ARM_64)
        .handler("broker_user." + handler)
        .code(Code.fromAsset(folder()))
        .role(role.withoutPolicyUpdates())
        .timeout(Duration.minutes(2))
        .memorySize(256)
        .vpc(base.network().vpc())
        .vpcSubnets(base.network().subnets())
        .securityGroups(List.of(administrators))
        .logGroup(logs)
        .environment(
            Map.of(
                "BROKER_HOST", broker.host(),
                "AMQPS_PORT", Integer.toString(RabbitBroker.AMQPS),
                "MANAGEMENT_PORT", Integer.toString(RabbitBroker.MANAGEMENT),
                "ADMINISTRATOR", broker.administrator().getSecretArn()))
        .build();
  }

  /** The folder of the function's code, which is beside the classes. */
  private static String folder() {
    URL code = BrokerUser.class.getResource("lambda/broker_user.py");
    if (code == null) {
      throw new IllegalStateException("the program has no lambda/broker_user.py");
    }
    try {
      return new File(code.toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The user itself: what logs in as it comes later. */
  CustomResource user() {
    return user;
  }
}
