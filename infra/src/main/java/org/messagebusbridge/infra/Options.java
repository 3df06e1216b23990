package org.messagebusbridge.infra;

import java.util.List;
import java.util.Optional;

/**
 * What a deployment can choose, all of it checked. {@link OptionsReader} makes it of the CDK's
 * context ({@code -c name=value}, or {@code context} in cdk.json); docs/deploy.md lists the names.
 */
record Options(
    String stackName,
    boolean isProtected,
    Runner runner,
    NetworkChoice network,
    BrokerChoice broker,
    Peer peer,
    Queues queues,
    Fleet fleet,
    Images images,
    Watch watch,
    Optional<Pipeline> pipeline) {

  /** What the bridge runs on. */
  enum Runner {
    FARGATE,
    EC2
  }

  /**
   * @param existing a VPC that is there, or else one is made
   * @param natGateways of a VPC that is made; 0 to 2
   * @param endpoints whether AWS's own services are reached by interface endpoints, not by NAT
   */
  record NetworkChoice(Optional<ExistingVpc> existing, int natGateways, boolean endpoints) {}

  /**
   * @param subnets private ones, from which the WebSocket service can be reached
   */
  record ExistingVpc(String id, List<String> subnets) {}

  /** Which broker the bridge works on. */
  sealed interface BrokerChoice {}

  /**
   * An Amazon MQ broker of the stack's own.
   *
   * @param cluster three nodes in as many zones, or else one
   * @param engineVersion 4.2 or 3.13
   * @param instanceType such as mq.m7g.large
   */
  record OwnBroker(boolean cluster, String engineVersion, String instanceType)
      implements BrokerChoice {}

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
   * @param secretArn of JSON with client_id and client_secret; none where it asks for no login
   */
  record Service(String host, String uri, Optional<String> secretArn) implements Peer {}

  /** The names of the two queues. */
  record Queues(String toWs, String fromWs) {}

  /**
   * @param standby whether one instance works and the others wait, or else all work
   * @param least instances at any time
   * @param most instances under load; the same as {@code least}: never scaled
   * @param cpu of a Fargate task, in 1/1024 of a processor
   * @param memory of a Fargate task, in MiB
   * @param instanceType of EC2, with an arm64 processor
   * @param drainSeconds how long what is in flight may take at the end
   */
  record Fleet(
      boolean standby,
      int least,
      int most,
      int cpu,
      int memory,
      String instanceType,
      int drainSeconds) {
    /**
     * Time between SIGTERM and SIGKILL: draining, closing both sides, flushing logs and metrics.
     */
    int stopSeconds() {
      return drainSeconds + 20;
    }
  }

  /**
   * @param tag of the images in the stack's own repositories, or else the tarballs are used
   * @param folder where ./mbb images left the tarballs
   * @param version of the product: the tag when there is neither a tag nor a tarball
   */
  record Images(Optional<String> tag, String folder, String version) {}

  /**
   * @param email who is told of alarms
   * @param logDays how long logs are kept
   * @param namespace of the bridge's metrics
   * @param runbooks where the runbooks are; alarms name them below it
   */
  record Watch(Optional<String> email, int logDays, String namespace, String runbooks) {}

  /**
   * @param repository owner/name at GitHub, whose workflows may deploy
   * @param provider ARN of the account's OIDC provider for GitHub, or else one is made
   */
  record Pipeline(String repository, Optional<String> provider) {}
}
