package org.messagebusbridge.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.messagebusbridge.infra.Options.OwnBroker;
import org.messagebusbridge.infra.Options.Runner;
import org.messagebusbridge.infra.Options.Stub;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerInsights;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;
import software.constructs.IConstruct;

/**
 * What runs: the bridge with its configuration and its rights, what watches it, and what tests it.
 * Nothing in it is missed when it is made anew; what lasts is in {@link BaseStack}.
 */
final class BridgeStack extends Stack {
  private final Options options;
  private final BaseStack base;

  BridgeStack(Construct scope, String id, StackProps props, Options options, BaseStack base) {
    super(scope, id, props);
    this.options = options;
    this.base = base;
    boolean fargate = options.runner() == Runner.FARGATE;
    Optional<CustomResource> user = brokerUser();
    BridgeMetrics metrics = new BridgeMetrics(options.watch().namespace());
    Parameters parameters = new Parameters(this, "Parameters", options, base.broker(), base.logs());
    Roles roles = new Roles(options, base.broker(), base.keys(), parameters);
    Role role =
        roles.bridge(this, "BridgeRole", fargate ? "ecs-tasks" : "ec2", base.logs(), metrics);
    Image image =
        new Image(this, "BridgeImage", options.images(), "bridge", Registry.bridge(options));
    Image testerImage =
        new Image(this, "TesterImage", options.images(), "tester", Registry.tester(options));
    Capabilities given =
        new Capabilities(options, base, parameters, metrics, role, image, arguments());
    Topic topic = new Topic(this, "Topic", options.watch());
    Cluster cluster = cluster();
    BridgeRunner runner =
        fargate
            ? new FargateRunner(this, "Fargate", given, cluster, gate(metrics))
            : new Ec2Runner(this, "Ec2", given, topic.topic());
    startsAfter(runner.resource(), parameters, role, user);
    SmokeTask smoke = new SmokeTask(this, "Smoke", given, roles, image, testerImage);
    if (options.watch().canaryMinutes() > 0) {
      new Canary(this, "Canary", options, base, cluster, smoke, runner.resource());
    }
    Alarms alarms = new Alarms(this, "Alarms", options, base, topic, runner.resource());
    Board board = new Board(this, "Board", options, base, cluster, runner, alarms);

    output("Cluster", "what ./mbb smoke runs in", cluster.getClusterName());
    output("SmokeTask", "what ./mbb smoke runs", smoke.task().getTaskDefinitionArn());
    output("Image", "the bridge that runs, to come back to with -c image=", image.uri());
    output("TesterImage", "to come back to with -c testerImage=", testerImage.uri());
    output("Peer", "the other side of the bridge", peer());
    Consoles consoles = new Consoles(getRegion(), options);
    output("BoardLink", "in AWS's console", consoles.board(board.name()));
    output("AlarmsLink", "in AWS's console", consoles.alarms());
    output("LogsLink", "in AWS's console", consoles.logs());
  }

  private String peer() {
    return switch (options.peer()) {
      case Stub stub -> "none: every message goes back to MQ";
      case Options.Service service -> service.host() + service.uri();
    };
  }

  private Cluster cluster() {
    Cluster cluster =
        Cluster.Builder.create(this, "Cluster")
            .clusterName(options.stackName())
            .vpc(base.network().vpc())
            .enableFargateCapacityProviders(options.fleet().spot())
            .containerInsightsV2(
                options.insights() ? ContainerInsights.ENABLED : ContainerInsights.DISABLED)
            .build();
    if (!options.insights()) {
      Accepted.finding(
          cluster,
          "AwsSolutions-ECS4",
          "The environment asks for no Container Insights, which cost more than its tasks.");
    }
    return cluster;
  }

  private Optional<CustomResource> brokerUser() {
    Optional<RabbitBroker> own = base.ownBroker();
    Optional<SecurityGroup> group = base.administrators();
    if (own.isEmpty() || group.isEmpty() || !(options.broker() instanceof OwnBroker choice)) {
      return Optional.empty();
    }
    return Optional.of(
        new BrokerUser(this, "BrokerUser", choice, options, base, own.get(), group.get()).user());
  }

  private List<String> gate(BridgeMetrics metrics) {
    return options.fleet().gate()
        ? new DeploymentGate(this, "Gate", options, metrics).names()
        : List.of();
  }

  /** What it reads at its start, that it may read it, and the user that it logs in as. */
  private static void startsAfter(
      IConstruct runner, Parameters parameters, Role role, Optional<CustomResource> user) {
    runner.getNode().addDependency(parameters, role.getNode().findChild("DefaultPolicy"));
    user.ifPresent(runner.getNode()::addDependency);
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("bridge", "-s", "-l", "-m", "-v"));
    if (options.peer() instanceof Stub) {
      arguments.add("-X");
    }
    return arguments;
  }

  private void output(String name, String description, String value) {
    CfnOutput.Builder.create(this, name + "Output")
        .description(description)
        .value(value)
        .build()
        .overrideLogicalId(name);
  }
}
