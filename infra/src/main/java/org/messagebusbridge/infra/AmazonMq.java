package org.messagebusbridge.infra;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Amazon MQ has for RabbitMQ, in one table. Read on 26 November 2026 on these pages of its
 * developer guide: "RabbitMQ 4", "Managing Amazon MQ for RabbitMQ engine versions", "Default
 * resource limits", "Maximum resource limits", "Sizing guidelines".
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
          new Engine("3.13", List.of("mq.m7g.", "mq.m5.", "mq.t3."), false));

  /** Connections on a single instance: unless configured, and at most. */
  static final List<InstanceType> TYPES =
      List.of(
          new InstanceType("mq.m7g.medium", 100, 300),
          new InstanceType("mq.m7g.large", 1_500, 5_000),
          new InstanceType("mq.m7g.xlarge", 3_000, 10_000),
          new InstanceType("mq.m7g.2xlarge", 6_000, 20_000),
          new InstanceType("mq.m7g.4xlarge", 12_000, 40_000),
          new InstanceType("mq.m7g.8xlarge", 24_000, 80_000),
          new InstanceType("mq.m7g.12xlarge", 36_000, 120_000),
          new InstanceType("mq.m7g.16xlarge", 48_000, 48_000),
          new InstanceType("mq.m5.large", 5_000, 5_000),
          new InstanceType("mq.m5.xlarge", 10_000, 10_000),
          new InstanceType("mq.m5.2xlarge", 20_000, 20_000),
          new InstanceType("mq.m5.4xlarge", 40_000, 40_000),
          new InstanceType("mq.t3.micro", 500, 500));

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
   * A size of broker.
   *
   * @param connections that it takes on 4.x unless configured
   * @param mostConnections that it takes at most
   */
  record InstanceType(String name, int connections, int mostConnections) {
    /** mq.t3.micro is for single instances. */
    boolean clusters() {
      return !name.startsWith("mq.t3.");
    }
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
