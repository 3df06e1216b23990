package org.messagebusbridge.infra;

import java.util.Optional;
import org.messagebusbridge.infra.AmazonMq.Engine;
import org.messagebusbridge.infra.AmazonMq.InstanceType;
import org.messagebusbridge.infra.AmazonMq.Limits;
import org.messagebusbridge.infra.Options.BrokerChoice;
import org.messagebusbridge.infra.Options.ExistingBroker;
import org.messagebusbridge.infra.Options.Fleet;
import org.messagebusbridge.infra.Options.NetworkChoice;
import org.messagebusbridge.infra.Options.OwnBroker;

/** The part of {@link OptionsReader} that is about the broker. */
record BrokerOptions(ContextValues values, NetworkChoice network, Fleet fleet) {
  /** Of each instance: it consumes, publishes, moves dead letters and looks at the queues. */
  private static final Limits PARALLEL = new Limits(3, 6);

  /** And holds the lock, or asks for it. */
  private static final Limits STANDBY = new Limits(4, 9);

  /** For the tester, people and producers. */
  private static final Limits OTHERS = new Limits(20, 60);

  BrokerChoice read() {
    String kind = values.oneOf("broker", "single", "single", "cluster", "existing");
    Engine engine = AmazonMq.engine(values.oneOf("engine", "4.2", AmazonMq.versions()));
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
    return new OwnBroker(cluster, engine, instance, needed(instance), ownUser, rotateDays);
  }

  private InstanceType instance(Engine engine, boolean cluster, Optional<String> given) {
    String standard = cluster ? "mq.m7g.large" : "mq.m7g.medium";
    String name = given.orElse(standard);
    Optional<InstanceType> type = AmazonMq.type(name).filter(engine::runsOn);
    if (type.isEmpty()) {
      values.problem(
          "%s=%s does not run RabbitMQ %s; take one of %s."
              .formatted(
                  values.named("brokerInstance"),
                  name,
                  engine.version(),
                  String.join(", ", AmazonMq.typesOf(engine))));
    }
    return type.orElseGet(() -> AmazonMq.type(standard).orElseThrow());
  }

  /** While a deployment replaces tasks there are twice as many. */
  private Limits needed(InstanceType type) {
    Limits needed = (fleet.standby() ? STANDBY : PARALLEL).times(2 * fleet.most()).plus(OTHERS);
    if (!needed.within(type.most())) {
      values.problem(
          "-c most=%d needs %d connections to the broker with %d channels, of which %s takes %d with"
                  .formatted(
                      fleet.most(),
                      needed.connections(),
                      needed.channels(),
                      type.name(),
                      type.most().connections())
              + " %d; take a larger brokerInstance.".formatted(type.most().channels()));
    }
    return needed;
  }
}
