package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.infra.Options.OwnBroker;
import software.amazon.awscdk.CfnDeletionPolicy;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.amazonmq.CfnBroker;
import software.amazon.awscdk.services.amazonmq.CfnConfiguration;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/**
 * An Amazon MQ broker for RabbitMQ, private, whose passwords are made in Secrets Manager and never
 * seen in the template (AWS::AmazonMQ::Broker in the CloudFormation reference).
 */
final class RabbitBroker extends Construct implements Broker {
  static final int AMQPS = 5671;

  /** Of RabbitMQ's management, by HTTPS. */
  static final int MANAGEMENT = 443;

  private final CfnBroker broker;
  private final String name;
  private final Secret administrator;
  private final Secret login;
  private final SecurityGroup group;

  RabbitBroker(
      Construct scope, String id, OwnBroker choice, Options options, Network network, Keys keys) {
    super(scope, id);
    name = options.stackName();
    administrator = secret("Administrator", "administrator", keys);
    login = choice.ownUser() ? secret("Login", "bridge", keys) : administrator;
    group =
        network.group(this, "SecurityGroup", "The broker: AMQP from the bridge, and its tester");
    Optional<CfnConfiguration> configuration =
        choice.engine().configurable()
            ? Optional.of(configuration(choice, options))
            : Optional.empty();
    List<String> subnets = network.vpc().selectSubnets(network.subnets()).getSubnetIds();
    CfnBroker.Builder builder =
        CfnBroker.Builder.create(this, "Broker")
            .brokerName(name)
            .engineType("RABBITMQ")
            .engineVersion(choice.engine().version())
            .hostInstanceType(choice.instanceType().name())
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
                        .build()));
    // From the start: one that is attached later takes a reboot.
    configuration.ifPresent(
        limits ->
            builder.configuration(
                CfnBroker.ConfigurationIdProperty.builder()
                    .id(limits.getAttrId())
                    .revision(limits.getAttrRevision())
                    .build()));
    broker = builder.build();
    // Goes with its stack, which is protected, but never by way of a change: messages live in it.
    broker.applyRemovalPolicy(RemovalPolicy.DESTROY);
    broker.getCfnOptions().setUpdateReplacePolicy(CfnDeletionPolicy.RETAIN);
  }

  private Secret secret(String id, String user, Keys keys) {
    Secret.Builder secret =
        Secret.Builder.create(this, id)
            .description("A login at the broker " + name + "; JSON with username and password")
            // Amazon MQ: at least 12 characters, none of them a comma, colon or equal sign.
            .generateSecretString(
                SecretStringGenerator.builder()
                    .secretStringTemplate("{\"username\":\"" + user + "\"}")
                    .generateStringKey("password")
                    .passwordLength(32)
                    .excludePunctuation(true)
                    .build());
    keys.first().ifPresent(secret::encryptionKey);
    Secret made = secret.build();
    Accepted.finding(
        made,
        "AwsSolutions-SMG4",
        user.equals("bridge")
            ? "Its rotation is in the stack that has the Lambda function for it."
            : "Amazon MQ changes no administrator's password on RabbitMQ; docs/deploy.md says"
                + " how.");
    return made;
  }

  /**
   * Amazon MQ's own {@code max_message_size} on 4.x is 524,288 bytes ("Default resource limits").
   * Limits of the instance type are in its section ("Resource Limit Configuration"), so that
   * another type never has those that this one needed.
   */
  private CfnConfiguration configuration(OwnBroker choice, Options options) {
    List<String> lines = new ArrayList<>();
    lines.add("max_message_size = " + options.queues().maxMessageBytes());
    if (!choice.raised().isEmpty()) {
      String section = "{{" + choice.instanceType().section(choice.cluster()) + "}}";
      lines.add(section);
      choice.raised().forEach((name, most) -> lines.add(name + " = " + most));
      lines.add(section);
    }
    String version = choice.engine().version();
    return CfnConfiguration.Builder.create(this, "Configuration")
        // One of another version is another one, so its name is.
        .name(name + "-" + version.replace('.', '-'))
        .description("The limits of the broker " + name)
        .engineType("RABBITMQ")
        .engineVersion(version)
        .data(Base64.getEncoder().encodeToString((String.join("\n", lines) + "\n").getBytes(UTF_8)))
        .build();
  }

  /** A dynamic reference: CloudFormation puts the value in, the template never has it. */
  private String fromSecret(String key) {
    return administrator.secretValueFromJson(key).unsafeUnwrap();
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
  public ISecret login() {
    return login;
  }

  /** The user that Amazon MQ made. */
  ISecret administrator() {
    return administrator;
  }

  /** Its id, b-..., which Amazon MQ names its log groups by. */
  String id() {
    return broker.getRef();
  }

  @Override
  public void allowAmqpFrom(ISecurityGroup client) {
    group.getConnections().allowFrom(client, Port.tcp(AMQPS), "AMQP over TLS");
  }

  /** Lets that group's members administer the broker. */
  void allowManagementFrom(ISecurityGroup client) {
    group.getConnections().allowFrom(client, Port.tcp(MANAGEMENT), "RabbitMQ's management");
  }

  /** One of Amazon MQ's own metrics, over a minute. */
  Metric metric(String metric, String statistic) {
    return Metric.Builder.create()
        .namespace("AWS/AmazonMQ")
        .metricName(metric)
        .dimensionsMap(Map.of("Broker", name))
        .statistic(statistic)
        .period(Duration.minutes(1))
        .build();
  }
}
