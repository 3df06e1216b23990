package org.messagebusbridge.amqp;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Turn;

/**
 * A broker, with the queue that is consumed and the queue that is published to. Both are created,
 * durable, when they are missing, and taken as they are when present.
 *
 * <p>What it remembers from one connection to the next is the largest message that the broker
 * takes, once the broker has told by refusing one, and when it last warned of redeliveries.
 */
public final class AmqpBus implements Bus {
  private static final Duration TURN_HEARTBEAT = Duration.ofSeconds(5);

  private final Supplier<AmqpConfig> config;
  private final Tuning tuning;
  private final boolean inTurn;
  private final RedeliveryWatch redeliveries;
  private final AtomicLong maxMessageBytes = new AtomicLong(Long.MAX_VALUE);

  /** Whether an attempt has failed, or a connection ended, as when a node of the broker stops. */
  private volatile boolean brokerMayBeAway;

  private volatile Turn turn = Turn.ALWAYS;
  private volatile Optional<AmqpConnection> latest = Optional.empty();

  /**
   * What no user sets.
   *
   * @param unsettledBytes when so many bytes of bodies are handed out and not settled, no further
   *     message is read; the last one may exceed it
   * @param patience how long deliveries wait for room among them before the broker is asked to send
   *     fewer; RabbitMQ gives a connection up after 30 s
   * @param closeTimeout how long the broker has to answer when a connection is closed
   * @param deadLetterPause between the first two attempts to publish a dead letter that the broker
   *     refuses
   * @param largestBody that is held whole, in bytes; of a larger one the beginning alone is read
   */
  public record Tuning(
      long unsettledBytes,
      Duration patience,
      Duration closeTimeout,
      Duration deadLetterPause,
      long largestBody) {
    /** 8 MiB, 10 s, 3 s, 10 s, a quarter of the heap. */
    public static final Tuning DEFAULT =
        new Tuning(
            8L << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            Runtime.getRuntime().maxMemory() / 4);

    public Tuning {
      if (unsettledBytes < 1
          || largestBody < 1
          || patience.isNegative()
          || closeTimeout.isNegative()
          || !deadLetterPause.isPositive()) {
        throw new IllegalArgumentException(
            "nothing of it can be negative; no bytes, and no pause, are too few");
      }
    }
  }

  public AmqpBus(AmqpConfig config) {
    this(config, Tuning.DEFAULT);
  }

  public AmqpBus(AmqpConfig config, Tuning tuning) {
    this(() -> config, tuning);
  }

  /**
   * A bus whose login may change.
   *
   * @param config asked at each connect
   */
  public AmqpBus(Supplier<AmqpConfig> config, Tuning tuning) {
    this(config, tuning, false, new RedeliveryWatch());
  }

  AmqpBus(
      Supplier<AmqpConfig> config, Tuning tuning, boolean inTurn, RedeliveryWatch redeliveries) {
    this.config = config;
    this.tuning = tuning;
    this.inTurn = inTurn;
    this.redeliveries = redeliveries;
  }

  /**
   * A bus whose connections take turns with those of other instances on the same queue: it is the
   * turn of the one that has the exclusive queue {@code <mq_qname_to_ws>.active}. Its heartbeat is
   * 5 s at most, so that the broker misses a dead one soon.
   */
  public static AmqpBus inTurn(Supplier<AmqpConfig> config, Tuning tuning) {
    return new AmqpBus(
        () -> config.get().withHeartbeatOfAtMost(TURN_HEARTBEAT),
        tuning,
        true,
        new RedeliveryWatch());
  }

  @Override
  public boolean isItsTurn() {
    return turn.isOurs();
  }

  /**
   * Why messages that cannot be delivered are still unsettled: the dead letter queue does not take
   * them. One sentence; empty when none is stuck.
   */
  @Override
  public Optional<String> trouble() {
    return latest.flatMap(AmqpConnection::stuckDeadLetters);
  }

  @Override
  public String name() {
    return "amqp";
  }

  @Override
  public BusConnection connect(ConnectionListener listener)
      throws BusException, InterruptedException {
    boolean brokerWasAway = brokerMayBeAway;
    brokerMayBeAway = true;
    AmqpConnection connection =
        AmqpConnection.open(
            config.get(),
            tuning,
            inTurn,
            brokerWasAway,
            redeliveries,
            maxMessageBytes,
            cause -> {
              brokerMayBeAway = Reply.of(cause).filter(Reply::ofChannel).isEmpty();
              listener.lost(cause);
            });
    turn = connection.turn();
    latest = Optional.of(connection);
    return connection;
  }
}
