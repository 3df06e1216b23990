package org.messagebusbridge.infra;

import java.util.Optional;
import org.messagebusbridge.infra.Options.ExistingBroker;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.constructs.Construct;

/** A broker that was there before, and stays when the stack goes. */
final class GivenBroker extends Construct implements Broker {
  private final ExistingBroker choice;
  private final Network network;
  private final ISecret login;
  private final Optional<ISecurityGroup> group;

  GivenBroker(Construct scope, String id, ExistingBroker choice, Network network) {
    super(scope, id);
    this.choice = choice;
    this.network = network;
    login = Secret.fromSecretCompleteArn(this, "Login", choice.secretArn());
    group =
        choice
            .securityGroup()
            .map(groupId -> SecurityGroup.fromSecurityGroupId(this, "SecurityGroup", groupId));
  }

  @Override
  public String host() {
    return choice.host();
  }

  @Override
  public String port() {
    return Integer.toString(choice.port());
  }

  @Override
  public ISecret login() {
    return login;
  }

  @Override
  public void allowAmqpFrom(ISecurityGroup client) {
    if (group.isPresent()) {
      group
          .get()
          .getConnections()
          .allowFrom(client, Port.tcp(choice.port()), "AMQP from the bridge");
    } else {
      network.allowOut(client, choice.port(), "AMQP to the broker");
    }
  }
}
