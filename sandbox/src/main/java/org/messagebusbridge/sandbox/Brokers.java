package org.messagebusbridge.sandbox;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brokers that all of a JVM's tests share, each started when first asked for and ended with the
 * JVM. Whoever uses one takes queues of names that nobody else takes, and neither stops nor closes
 * it.
 */
public final class Brokers {

  private static final Shared<EmbeddedBroker> EMBEDDED = new Shared<>(EmbeddedBroker::start);
  private static final Map<RabbitVersion, Shared<RabbitNode>> RABBITS =
      new EnumMap<>(RabbitVersion.class);

  static {
    for (RabbitVersion version : RabbitVersion.values()) {
      RABBITS.put(version, new Shared<>(() -> RabbitNode.start(version)));
    }
  }

  private Brokers() {}

  /**
   * The shared embedded broker.
   *
   * @throws SandboxException when it does not start; the next call tries again
   */
  public static EmbeddedBroker embedded() {
    return EMBEDDED.get();
  }

  /**
   * The shared node of a RabbitMQ version.
   *
   * @throws SandboxException when it is missing or does not start; the next call tries again
   */
  public static RabbitNode rabbit(RabbitVersion version) {
    Shared<RabbitNode> shared = RABBITS.get(version);
    if (shared == null) {
      throw new IllegalArgumentException(version.toString());
    }
    return shared.get();
  }

  private static final class Shared<B extends Broker> {

    private final Supplier<B> start;
    private @Nullable B broker;

    Shared(Supplier<B> start) {
      this.start = start;
    }

    synchronized B get() {
      B running = broker;
      if (running == null) {
        B started = start.get();
        Runtime.getRuntime().addShutdownHook(new Thread(started::close, "close " + started.name()));
        broker = started;
        running = started;
      }
      return running;
    }
  }
}
