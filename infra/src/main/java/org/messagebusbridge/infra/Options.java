package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a deployment can choose, all of it checked. {@link OptionsReader} makes it of the CDK's
 * context ({@code -c name=value}) and of a file of {@code environments}; docs/deploy.md lists the
 * names.
 */
record Options(
    String stackName,
    boolean isProtected,
    boolean insights,
    Runner runner,
    NetworkChoice network,
    BrokerChoice broker,
    Peer peer,
    Queues queues,
    Fleet fleet,
    Images images,
    Watch watch,
    Account account,
    Optional<Pipeline> pipeline) {

  /** Where the bridge's parameters are, for those of this stack alone. */
  String parameters() {
    return "/messagebusbridge/" + stackName;
  }

  /** What the bridge runs on. */
  enum Runner {
    FARGATE,
    EC2
  }

  /**
   * @param existing a VPC that is there, or else one is made
   * @param cidr of a VPC that is made
   * @param natGateways of a VPC that is made; 0 to 2
   * @param inPublic whether all is in public subnets, with addresses of their own in NAT's place
   * @param endpoints whether AWS's own services are reached by interface endpoints, not by NAT
   * @param egress what the bridge may connect to by HTTPS and to the WebSocket service: CIDR blocks
   */
  record NetworkChoice(
      Optional<ExistingVpc> existing,
      String cidr,
      int natGateways,
      boolean inPublic,
      boolean endpoints,
      List<String> egress) {}

  /**
   * @param subnets private ones, from which the WebSocket service can be reached
   * @param routeTables of those subnets, which S3's endpoint is put into; empty: S3 is reached
   */
  record ExistingVpc(String id, List<String> subnets, List<String> routeTables) {}

  /** Which broker the bridge works on. */
  sealed interface BrokerChoice {}

  /**
   * An Amazon MQ broker of the stack's own.
   *
   * @param cluster three nodes in as many zones, or else one
   * @param needed what each node has to take; in a cluster, too, for the others may be away
   * @param ownUser whether the bridge has a user of its own, or else logs in as the administrator
   * @param rotateDays after how many days that user's password is changed; 0: never
   */
  record OwnBroker(
      boolean cluster,
      AmazonMq.Engine engine,
      AmazonMq.InstanceType instanceType,
      AmazonMq.Limits needed,
      boolean ownUser,
      int rotateDays)
      implements BrokerChoice {
    /** What has to be configured, by RabbitMQ's names: where it needs more than it is given. */
    Map<String, Integer> raised() {
      AmazonMq.Limits given =
          !engine.configurable()
              ? instanceType.most()
              : cluster ? instanceType.cluster() : instanceType.single();
      Map<String, Integer> raised = new TreeMap<>();
      if (needed.connections() > given.connections()) {
        raised.put("connection_max", needed.connections());
      }
      if (needed.channels() > given.channels()) {
        raised.put("channel_max_per_node", needed.channels());
      }
      return raised;
    }
  }

  /**
   * A broker that is there.
   *
   * @param secretArn of JSON with username and password
   * @param securityGroup which lets the bridge in, where there is one
   */
  record ExistingBroker(String host, int port, String secretArn, Optional<String> securityGroup)
      implements BrokerChoice {}

  /** The other side of the bridge. */
  sealed interface Peer {}

  /** None: the bridge sends every message back to MQ (its option -X). */
  record Stub() implements Peer {}

  /**
   * A WebSocket service.
   *
   * @param port that it listens on
   * @param secretArn of JSON with client_id and client_secret; none where it asks for no login
   */
  record Service(String host, int port, String uri, Optional<String> secretArn) implements Peer {}

  /**
   * The two queues.
   *
   * @param type of those that the bridge makes; empty: the broker's default
   * @param maxMessageBytes that both sides take
   */
  record Queues(String toWs, String fromWs, Optional<String> type, int maxMessageBytes) {
    /** Those of the round trips that test a deployment; the real ones are not touched. */
    Queues smoke() {
      return new Queues(toWs + ".smoke", fromWs + ".smoke", type, maxMessageBytes);
    }
  }

  /**
   * @param standby whether one instance works and the others wait, or else all work
   * @param least instances at any time
   * @param most instances under load; the same as {@code least}: never scaled
   * @param spot whether instances beyond the least are Fargate Spot
   * @param cpu of a Fargate task, in 1/1024 of a processor
   * @param memory of a Fargate task, in MiB
   * @param instanceType of EC2, with an arm64 processor
   * @param ami of EC2; empty: Amazon's latest at each deployment
   * @param drainSeconds how long what is in flight may take at the end
   * @param gate whether a deployment on Fargate goes back when an instance does not connect
   */
  record Fleet(
      boolean standby,
      int least,
      int most,
      boolean spot,
      int cpu,
      int memory,
      String instanceType,
      Optional<String> ami,
      int drainSeconds,
      boolean gate) {
    /**
     * Time between SIGTERM and SIGKILL: draining, closing both sides, flushing logs and metrics.
     */
    int stopSeconds() {
      return drainSeconds + 20;
    }

    boolean scales() {
      return most > least;
    }
  }

  /**
   * Which images run: whole URIs, or a tag in the stack's own repositories, or else the tarballs
   * that {@code ./mbb images} left.
   *
   * @param collector of the OpenTelemetry collector that runs beside the bridge, if any
   */
  record Images(
      Optional<String> bridge,
      Optional<String> tester,
      Optional<String> tag,
      String folder,
      Optional<String> collector) {}

  /**
   * @param email who is told of alarms
   * @param logDays how long logs are kept
   * @param namespace of the bridge's metrics
   * @param runbooks where the runbooks are; alarms name them below it
   * @param canaryMinutes how often a round trip through the smoke queues is made; 0: never
   */
  record Watch(
      Optional<String> email, int logDays, String namespace, String runbooks, int canaryMinutes) {}

  /**
   * What the account asks for.
   *
   * @param kmsKeys ARNs of keys that what the bridge reads is encrypted with; the first encrypts
   *     what the stack makes, too
   * @param qualifier of the CDK's bootstrap
   * @param boundary ARN of the permissions boundary that every role gets
   * @param tags that everything gets
   */
  record Account(
      List<String> kmsKeys,
      String qualifier,
      Optional<String> boundary,
      Map<String, String> tags) {}

  /**
   * @param repository whose workflows may deploy
   * @param environment at GitHub, that its deployments name
   * @param provider ARN of the account's OIDC provider for GitHub, or else one is made
   */
  record Pipeline(Repository repository, String environment, Optional<String> provider) {}

  /**
   * A repository at GitHub.
   *
   * @param ownerId immutable number of the owner, and
   * @param id of the repository; both or neither
   */
  record Repository(String owner, String name, Optional<String> ownerId, Optional<String> id) {}
}
