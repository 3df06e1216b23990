package org.messagebusbridge.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.messagebusbridge.infra.Options.ExistingBroker;
import org.messagebusbridge.infra.Options.OwnBroker;
import org.messagebusbridge.infra.Options.Runner;
import org.messagebusbridge.infra.Options.Service;
import org.messagebusbridge.infra.Options.Stub;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerInsights;
import software.constructs.Construct;

/** The bridge with all that it needs: one construct for each capability, put together here. */
final class BridgeStack extends Stack {
  /** Where the bridge tells its health, on loopback. */
  static final int HEALTH_PORT = 8080;

  private final Options options;

  BridgeStack(Construct scope, String id, StackProps props, Options options) {
    super(scope, id, props);
    this.options = options;
    Network network = new Network(this, "Network", options.network(), options.runner());
    Broker broker =
        switch (options.broker()) {
          case OwnBroker own -> new RabbitBroker(this, "Broker", own, network);
          case ExistingBroker given -> new GivenBroker(this, "Broker", given);
        };
    Optional<RabbitBroker> own =
        broker instanceof RabbitBroker rabbit ? Optional.of(rabbit) : Optional.empty();
    Logs logs = new Logs(this, "Logs", options.watch());
    BridgeMetrics metrics = new BridgeMetrics(options.watch().namespace());
    Parameters parameters = new Parameters(this, "Parameters", parameters(broker, logs));
    SecurityGroup clients = clients(network);
    broker.admit(clients);
    network.admit(clients);
    boolean hasPeer = options.peer() instanceof Service;
    Alarms alarms = new Alarms(this, "Alarms", options.watch(), own, hasPeer);
    new Board(this, "Board", options.watch(), logs, own);

    Cluster cluster =
        Cluster.Builder.create(this, "Cluster")
            .vpc(network.vpc())
            .containerInsightsV2(ContainerInsights.ENABLED)
            .build();
    boolean fargate = options.runner() == Runner.FARGATE;
    BridgeRole role =
        new BridgeRole(this, "BridgeRole", fargate ? "ecs-tasks" : "ec2")
            .reads(parameters, broker, options.peer())
            .tells(logs, metrics);
    Image bridgeImage = new Image(this, "BridgeImage", options.images(), "bridge", Registry.BRIDGE);
    Capabilities given =
        new Capabilities(
            network, logs, metrics, role, bridgeImage, clients, options.fleet(), arguments());
    Construct runner =
        fargate
            ? new FargateRunner(this, "Fargate", given, cluster)
            : new Ec2Runner(this, "Ec2", given, alarms.topic());
    // What it reads at its start, that it may read it, and its way there: NAT or endpoints.
    runner.getNode().addDependency(parameters, role.policy(), broker);
    network.ways().forEach(runner.getNode()::addDependency);
    BridgeRole testerRole =
        new BridgeRole(this, "TesterRole", "ecs-tasks").reads(parameters, broker, new Stub());
    Image testerImage = new Image(this, "TesterImage", options.images(), "tester", Registry.TESTER);
    TesterTask tester = new TesterTask(this, "Tester", testerRole, testerImage, logs);

    output("Cluster", "what ./mbb smoke runs the tester in", cluster.getClusterName());
    output("TesterTask", "what ./mbb smoke runs", tester.arn());
    output(
        "Subnets",
        "where ./mbb smoke runs it",
        String.join(",", network.vpc().selectSubnets(network.subnets()).getSubnetIds()));
    output("SecurityGroup", "which the broker lets in", clients.getSecurityGroupId());
    output("ImageTag", "of the image that runs, to come back to", bridgeImage.tag());
    output("LogGroup", "of the bridge and its tester", logs.group().getLogGroupName());
    output("BrokerHost", "of AMQP over TLS", broker.host());
    output("BrokerSecret", "with the broker's login", broker.secret().getSecretArn());
  }

  private SecurityGroup clients(Network network) {
    return SecurityGroup.Builder.create(this, "Clients")
        .vpc(network.vpc())
        .description("The bridge and its tester: out to the broker, AWS and the WebSocket service")
        .allowAllOutbound(true)
        .build();
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("bridge", "-s", "-l", "-m", "-v"));
    if (options.peer() instanceof Stub) {
      arguments.add("-X");
    }
    return arguments;
  }

  private Map<String, String> parameters(Broker broker, Logs logs) {
    Map<String, String> values = new TreeMap<>();
    values.put("aws_mq/mq_host", broker.host());
    values.put("aws_mq/mq_port", broker.port());
    values.put("aws_mq/mq_secret_arn", broker.secret().getSecretArn());
    values.put("aws_mq/mq_qname_to_ws", options.queues().toWs());
    values.put("aws_mq/mq_qname_from_ws", options.queues().fromWs());
    if (options.peer() instanceof Service service) {
      values.put("ws_api/api_host", service.host());
      values.put("ws_api/api_uri", service.uri());
      service.secretArn().ifPresent(arn -> values.put("ws_api/ws_secret_arn", arn));
    }
    values.put("aws_cloudwatch/cw_region", getRegion());
    values.put("aws_cloudwatch/cw_log_group", logs.group().getLogGroupName());
    values.put("aws_cloudwatch/cw_log_stream", "bridge/{instance_id}");
    values.put("aws_cloudwatch/cw_retention_days", Integer.toString(options.watch().logDays()));
    values.put("aws_cloudwatch/cw_metrics_namespace", options.watch().namespace());
    values.put("aws_cloudwatch/cw_metrics_resolution", "60");
    values.put("bridge/ha_mode", options.fleet().standby() ? "standby" : "parallel");
    values.put("bridge/drain_secs", Integer.toString(options.fleet().drainSeconds()));
    values.put("bridge/http_port", Integer.toString(HEALTH_PORT));
    return values;
  }

  private void output(String name, String description, String value) {
    CfnOutput.Builder.create(this, name + "Output")
        .description(description)
        .value(value)
        .build()
        .overrideLogicalId(name);
  }
}
