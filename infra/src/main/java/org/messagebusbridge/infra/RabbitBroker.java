package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import org.messagebusbridge.infra.Options.OwnBroker;
import software.amazon.awscdk.CfnDeletionPolicy;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.amazonmq.CfnBroker;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/**
 * An Amazon MQ broker for RabbitMQ, private, whose password is made in Secrets Manager and never
 * seen in the template (AWS::AmazonMQ::Broker in the CloudFormation reference).
 */
final class RabbitBroker extends Construct implements Broker {
  private static final int AMQPS = 5671;

  private final CfnBroker broker;
  private final Secret secret;
  private final SecurityGroup group;

  RabbitBroker(Construct scope, String id, OwnBroker choice, Network network) {
    super(scope, id);
    secret =
        Secret.Builder.create(this, "Login")
            .description("The login of the bridge at its broker; JSON with username and password")
            // Amazon MQ: at least 12 characters, none of them a comma, colon or equal sign.
            .generateSecretString(
                SecretStringGenerator.builder()
                    .secretStringTemplate("{\"username\":\"bridge\"}")
                    .generateStringKey("password")
                    .passwordLength(32)
                    .excludePunctuation(true)
                    .build())
            .build();
    Accepted.finding(
        secret,
        "AwsSolutions-SMG4",
        "Amazon MQ has no rotation of its own; docs/deploy.md says how to change the password,"
            + " which the bridge takes up without a restart.");
    group =
        SecurityGroup.Builder.create(this, "SecurityGroup")
            .vpc(network.vpc())
            .description("The broker: AMQP from the bridge and its tester")
            .allowAllOutbound(false)
            .build();
    List<String> subnets = network.vpc().selectSubnets(network.subnets()).getSubnetIds();
    broker =
        CfnBroker.Builder.create(this, "Broker")
            .brokerName(Stack.of(this).getStackName())
            .engineType("RABBITMQ")
            .engineVersion(choice.engineVersion())
            .hostInstanceType(choice.instanceType())
            .deploymentMode(choice.cluster() ? "CLUSTER_MULTI_AZ" : "SINGLE_INSTANCE")
            .subnetIds(choice.cluster() ? subnets : subnets.subList(0, 1))
            .securityGroups(List.of(group.getSecurityGroupId()))
            .publiclyAccessible(false)
            .autoMinorVersionUpgrade(true)
            .logs(CfnBroker.LogListProperty.builder().general(true).build())
            .maintenanceWindowStartTime(
                CfnBroker.MaintenanceWindowProperty.builder()
                    .dayOfWeek("SUNDAY")
                    .timeOfDay("03:00")
                    .timeZone("UTC")
                    .build())
            .users(
                List.of(
                    CfnBroker.UserProperty.builder()
                        .username(fromSecret("username"))
                        .password(fromSecret("password"))
                        .build()))
            .build();
    // Goes with its stack, which is protected, but never by way of a change: messages live in it.
    broker.applyRemovalPolicy(RemovalPolicy.DESTROY);
    broker.getCfnOptions().setUpdateReplacePolicy(CfnDeletionPolicy.RETAIN);
  }

  /** A dynamic reference: CloudFormation puts the value in, the template never has it. */
  private String fromSecret(String key) {
    return secret.secretValueFromJson(key).unsafeUnwrap();
  }

  /** Of {@code amqps://host:5671}; the domain differs between regions and ages of brokers. */
  @Override
  public String host() {
    String url = Fn.select(0, broker.getAttrAmqpEndpoints());
    return Fn.select(0, Fn.split(":", Fn.select(1, Fn.split("://", url))));
  }

  @Override
  public String port() {
    return Integer.toString(AMQPS);
  }

  @Override
  public ISecret secret() {
    return secret;
  }

  @Override
  public void admit(ISecurityGroup client) {
    group.addIngressRule(client, Port.tcp(AMQPS), "AMQP over TLS");
  }

  /** One of Amazon MQ's own metrics, over a minute. */
  Metric metric(String name, String statistic) {
    return Metric.Builder.create()
        .namespace("AWS/AmazonMQ")
        .metricName(name)
        .dimensionsMap(Map.of("Broker", broker.getBrokerName()))
        .statistic(statistic)
        .period(Duration.minutes(1))
        .build();
  }
}
