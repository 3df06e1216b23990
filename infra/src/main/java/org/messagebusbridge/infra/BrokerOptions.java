package org.messagebusbridge.infra;

import java.util.List;
import java.util.Optional;
import org.messagebusbridge.infra.AmazonMq.Engine;
import org.messagebusbridge.infra.AmazonMq.InstanceType;
import org.messagebusbridge.infra.Options.BrokerChoice;
import org.messagebusbridge.infra.Options.ExistingBroker;
import org.messagebusbridge.infra.Options.Fleet;
import org.messagebusbridge.infra.Options.NetworkChoice;
import org.messagebusbridge.infra.Options.OwnBroker;

/** The part of {@link OptionsReader} that is about the broker. */
record BrokerOptions(ContextValues values, boolean dev, NetworkChoice network, Fleet fleet) {
  /** To MQ by each instance: one consumes, one publishes, one looks at the queues. */
  static final int CONNECTIONS = 3;

  /** For the tester, people and producers. */
  private static final int OTHERS = 20;

  BrokerChoice read() {
    String kind = values.oneOf("broker", "single", "single", "cluster", "existing");
    Engine engine =
        AmazonMq.engine(values.oneOf("engine", dev ? "3.13" : "4.2", AmazonMq.versions()));
    boolean cluster = kind.equals("cluster");
    Optional<String> type = values.text("brokerInstance");
    Optional<String> host = values.matching("brokerHost", OptionsReader.HOST, "a host name");
    int port = values.number("brokerPort", 5671, 1, 65535);
    Optional<String> secret =
        values.matching("brokerSecret", OptionsReader.SECRET_ARN, OptionsReader.SECRET_FORM);
    Optional<String> group =
        values.matching(
            "brokerSecurityGroup", "sg-[0-9a-f]{8,17}", "a security group's id, sg-...");
    boolean reached = network.endpoints() || !network.inPublic();
    boolean ownUser =
        values
            .oneOf("brokerUser", reached ? "own" : "administrator", "own", "administrator")
            .equals("own");
    int rotateDays = values.number("rotateDays", ownUser ? 30 : 0, 0, 365);
    if (kind.equals("existing")) {
      if (host.isEmpty() || secret.isEmpty()) {
        values.problem("-c broker=existing needs -c brokerHost=... and -c brokerSecret=ARN.");
      }
      return new ExistingBroker(host.orElse(""), port, secret.orElse(""), group);
    }
    if (host.isPresent() || secret.isPresent() || group.isPresent()) {
      values.problem(
          "-c brokerHost, brokerSecret and brokerSecurityGroup are for -c broker=existing.");
    }
    if (ownUser && !reached) {
      values.problem(
          "-c brokerUser=own needs a way to AWS's services for what makes that user, which has no"
              + " address of its own in public subnets; add -c endpoints=true.");
    }
    if (rotateDays > 0 && !ownUser) {
      values.problem("-c rotateDays is for -c brokerUser=own.");
    }
    InstanceType instance = instance(engine, cluster, type);
    return new OwnBroker(
        cluster, engine, instance, connections(engine, instance), ownUser, rotateDays);
  }

  private InstanceType instance(Engine engine, boolean cluster, Optional<String> given) {
    String standard =
        cluster ? "mq.m7g.large" : dev && !engine.configurable() ? "mq.t3.micro" : "mq.m7g.medium";
    String name = given.orElse(standard);
    Optional<InstanceType> type =
        AmazonMq.type(name).filter(engine::runsOn).filter(found -> found.clusters() || !cluster);
    if (type.isEmpty()) {
      List<String> types = AmazonMq.typesOf(engine);
      values.problem(
          "%s=%s does not run RabbitMQ %s%s; take one of %s."
              .formatted(
                  values.named("brokerInstance"),
                  name,
                  engine.version(),
                  cluster ? " as a cluster" : "",
                  String.join(
                      ", ",
                      types.stream()
                          .filter(each -> !cluster || AmazonMq.type(each).orElseThrow().clusters())
                          .toList())));
    }
    return type.orElseGet(() -> AmazonMq.type(standard).orElseThrow());
  }

  /** While a deployment replaces tasks there are twice as many. */
  private Optional<Integer> connections(Engine engine, InstanceType type) {
    int needed = CONNECTIONS * 2 * fleet.most() + OTHERS;
    if (needed > type.mostConnections()) {
      values.problem(
          "-c most=%d needs %d connections to the broker, of which %s takes %d; take a larger"
                  .formatted(fleet.most(), needed, type.name(), type.mostConnections())
              + " brokerInstance.");
    }
    return engine.configurable() && needed > type.connections()
        ? Optional.of(needed)
        : Optional.empty();
  }
}
