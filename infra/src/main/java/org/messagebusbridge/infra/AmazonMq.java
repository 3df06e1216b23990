package org.messagebusbridge.infra;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Amazon MQ has for RabbitMQ, in one table. Read on 26 November 2026 on these pages of its
 * developer guide: "RabbitMQ 4", "Managing Amazon MQ for RabbitMQ engine versions", "Broker
 * instance types" (mq.t3.micro: "no longer available for new broker creation"), "Default resource
 * limits", "Maximum resource limit", "Resource Limit Configuration".
 */
final class AmazonMq {
  /** "Maximum resource limits": the largest {@code max_message_size}, in bytes. */
  static final int MOST_MESSAGE_BYTES = 134_217_728;

  /**
   * Newest first.
   *
   * <p>On 4.x undeclared queues are quorum, and limits can be configured; on 3.13 they are classic,
   * and limits are at their most.
   */
  static final List<Engine> ENGINES =
      List.of(
          new Engine("4.3", List.of("mq.m7g."), true),
          new Engine("4.2", List.of("mq.m7g."), true),
          new Engine("3.13", List.of("mq.m7g.", "mq.m5."), false));

  /** Connections and channels of a node: of a single instance, of a cluster's, and at most. */
  static final List<InstanceType> TYPES =
      List.of(
          type("mq.m7g.medium", 100, 500, 100, 300, 300, 900),
          type("mq.m7g.large", 1_500, 4_500, 500, 1_500, 5_000, 15_000),
          type("mq.m7g.xlarge", 3_000, 9_000, 1_000, 3_000, 10_000, 30_000),
          type("mq.m7g.2xlarge", 6_000, 18_000, 2_000, 6_000, 20_000, 60_000),
          type("mq.m7g.4xlarge", 12_000, 36_000, 4_000, 12_000, 40_000, 120_000),
          type("mq.m7g.8xlarge", 24_000, 72_000, 8_000, 24_000, 80_000, 240_000),
          type("mq.m7g.12xlarge", 36_000, 108_000, 12_000, 36_000, 120_000, 360_000),
          type("mq.m7g.16xlarge", 48_000, 144_000, 16_000, 48_000, 160_000, 480_000),
          type("mq.m5.large", 5_000, 15_000, 5_000, 15_000, 5_000, 15_000),
          type("mq.m5.xlarge", 10_000, 30_000, 10_000, 30_000, 10_000, 30_000),
          type("mq.m5.2xlarge", 20_000, 60_000, 20_000, 60_000, 20_000, 60_000),
          type("mq.m5.4xlarge", 40_000, 120_000, 40_000, 120_000, 40_000, 120_000));

  private AmazonMq() {}

  /**
   * A version of RabbitMQ.
   *
   * @param families what instance types begin with that run it
   * @param configurable whether a configuration can set its limits
   */
  record Engine(String version, List<String> families, boolean configurable) {
    boolean runsOn(InstanceType type) {
      return families.stream().anyMatch(type.name()::startsWith);
    }

    /** What the bridge's own queues are, which it protects against the delivery limit of 4.x. */
    String queueType() {
      return configurable ? "quorum" : "classic";
    }
  }

  /**
   * What a node takes, or what somebody needs of it.
   *
   * @param channels over all connections
   */
  record Limits(int connections, int channels) {
    Limits plus(Limits other) {
      return new Limits(connections + other.connections, channels + other.channels);
    }

    Limits times(int many) {
      return new Limits(connections * many, channels * many);
    }

    boolean within(Limits most) {
      return connections <= most.connections && channels <= most.channels;
    }
  }

  /**
   * A size of broker.
   *
   * @param single what a single instance takes on 4.x unless configured
   * @param cluster what each node of a cluster does
   * @param most what either does at most, and on 3.13 always
   */
  record InstanceType(String name, Limits single, Limits cluster, Limits most) {
    /** What a section of a configuration names it by, such as m7g.large.3: its nodes come last. */
    String section(boolean inCluster) {
      return name.replaceFirst("^mq\\.", "") + (inCluster ? ".3" : ".1");
    }
  }

  private static InstanceType type(
      String name,
      int connections,
      int channels,
      int clustersConnections,
      int clustersChannels,
      int mostConnections,
      int mostChannels) {
    return new InstanceType(
        name,
        new Limits(connections, channels),
        new Limits(clustersConnections, clustersChannels),
        new Limits(mostConnections, mostChannels));
  }

  static Engine engine(String version) {
    return ENGINES.stream()
        .filter(engine -> engine.version().equals(version))
        .findFirst()
        .orElseThrow();
  }

  static Optional<InstanceType> type(String name) {
    return TYPES.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  static String[] versions() {
    return ENGINES.stream().map(Engine::version).toArray(String[]::new);
  }

  /** Names of the types that run an engine. */
  static List<String> typesOf(Engine engine) {
    Stream<InstanceType> types = TYPES.stream().filter(engine::runsOn);
    return types.map(InstanceType::name).toList();
  }
}
