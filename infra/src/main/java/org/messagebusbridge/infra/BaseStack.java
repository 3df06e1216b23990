package org.messagebusbridge.infra;

import java.util.Optional;
import org.messagebusbridge.infra.Options.ExistingBroker;
import org.messagebusbridge.infra.Options.OwnBroker;
import org.messagebusbridge.infra.Options.Service;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.constructs.Construct;

/**
 * What lasts: the network, the broker with its secrets, the log groups. A deployment of the bridge
 * that fails leaves it as it is.
 */
final class BaseStack extends Stack {
  private final Network network;
  private final Broker broker;
  private final Logs logs;
  private final Keys keys;
  private final SecurityGroup clients;
  private final Optional<SecurityGroup> administrators;

  BaseStack(Construct scope, String id, StackProps props, Options options) {
    super(scope, id, props);
    network = new Network(this, "Network", options);
    keys = new Keys(this, "Keys", options.account());
    broker =
        switch (options.broker()) {
          case OwnBroker own -> new RabbitBroker(this, "Broker", own, options, network, keys);
          case ExistingBroker given -> new GivenBroker(this, "Broker", given, network);
        };
    logs = new Logs(this, "Logs", options);
    clients = network.group(this, "Clients", "The bridge and its tester");
    network.allowHttpsFrom(clients);
    if (options.peer() instanceof Service service && service.port() != 443) {
      network.allowOut(clients, service.port(), "The WebSocket service");
    }
    broker.allowAmqpFrom(clients);
    administrators = administrators(options);

    output(
        "Subnets",
        "where ./mbb smoke runs",
        String.join(",", network.vpc().selectSubnets(network.subnets()).getSubnetIds()));
    output("SecurityGroup", "which the broker lets in", clients.getSecurityGroupId());
    output("PublicIp", "of tasks", network.inPublic() ? "ENABLED" : "DISABLED");
    output("LogGroup", "of the bridge", logs.bridge().getLogGroupName());
    output("SmokeLogGroup", "of round trips", logs.smoke().getLogGroupName());
    output("Broker", "its id, or its host where the stack did not make it", brokerName());
    ownBroker()
        .ifPresent(
            own ->
                output(
                    "BrokerLink",
                    "in AWS's console",
                    new Consoles(getRegion(), options).broker(own.id())));
    output("BrokerHost", "of AMQP over TLS", broker.host());
    output("BrokerSecret", "with the bridge's login at the broker", broker.login().getSecretArn());
    output(
        "BrokerLogin",
        "whose login that is",
        options.broker() instanceof OwnBroker own && own.ownUser()
            ? "a user of the bridge's own, for its queues alone"
            : options.broker() instanceof OwnBroker
                ? "the broker's administrator; docs/deploy.md says how to make a user of its own"
                : "as the secret says");
  }

  private String brokerName() {
    return broker instanceof RabbitBroker own ? own.id() : broker.host();
  }

  /** Of what makes the bridge's user and changes its password. */
  private Optional<SecurityGroup> administrators(Options options) {
    if (!(broker instanceof RabbitBroker own)
        || !(options.broker() instanceof OwnBroker choice)
        || !choice.ownUser()) {
      return Optional.empty();
    }
    SecurityGroup group =
        network.group(this, "Administrators", "What makes the user of the bridge at its broker");
    network.allowHttpsFrom(group);
    own.allowManagementFrom(group);
    own.allowAmqpFrom(group);
    return Optional.of(group);
  }

  private void output(String name, String description, String value) {
    CfnOutput.Builder.create(this, name + "Output")
        .description(description)
        .value(value)
        .build()
        .overrideLogicalId(name);
  }

  Network network() {
    return network;
  }

  Broker broker() {
    return broker;
  }

  /** The broker, where the stack made it. */
  Optional<RabbitBroker> ownBroker() {
    return broker instanceof RabbitBroker own ? Optional.of(own) : Optional.empty();
  }

  Logs logs() {
    return logs;
  }

  Keys keys() {
    return keys;
  }

  /** Of the bridge and its tester. */
  SecurityGroup clients() {
    return clients;
  }

  /** Of what administers the broker, where the bridge has a user of its own. */
  Optional<SecurityGroup> administrators() {
    return administrators;
  }
}
