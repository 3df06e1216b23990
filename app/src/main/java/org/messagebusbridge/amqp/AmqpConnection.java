package org.messagebusbridge.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Sink;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.bus.Turn;

/**
 * The two connections to the broker, one that consumes and one that publishes, and where instances
 * take turns a third one that has the lock. The loss of any, or of a channel, or of the consumer,
 * is the loss of all.
 *
 * <p>While it is this instance's turn a loss closes nothing by itself: {@link #close} does, when
 * all that uses the turn has ended, and the lock goes last.
 */
final class AmqpConnection implements BusConnection {
  /** What a connection is used for at most: sink, dead letters, lock, and a queue that is made. */
  private static final int CHANNELS = 4;

  private final Wire consuming;
  private final Wire publishing;
  private final Duration closeTimeout;
  private final Unsettled unsettled;
  private final DeadLetters deadLetters;
  private final Lifetime lifetime;
  private final AmqpSource source;
  private final AmqpSink sink;
  private final Optional<Locking> locking;

  /** The third of them, and the lock. */
  private record Locking(Wire wire, ActiveLock lock) {}

  /** One of them, opened: its queue is there, and a channel of its own. */
  private record Opened(Wire wire, Connection connection, Channel channel, boolean counted) {}

  private AmqpConnection(
      AmqpConfig config,
      AmqpBus.Tuning tuning,
      Opened consumer,
      Opened publisher,
      Optional<Opened> locker,
      RedeliveryWatch redeliveries,
      AtomicLong maxMessageBytes,
      Bus.ConnectionListener listener) {
    AmqpFailures failures = new AmqpFailures(config);
    consuming = consumer.wire;
    publishing = publisher.wire;
    closeTimeout = tuning.closeTimeout();
    deadLetters = new DeadLetters(publisher.connection, config, failures, tuning.deadLetterPause());
    lifetime =
        new Lifetime(
            cause -> {
              release();
              listener.lost(cause);
            });
    unsettled =
        new Unsettled(consumer.channel, tuning.unsettledBytes(), failures, lifetime, deadLetters);
    source =
        new AmqpSource(
            consumer.wire,
            consumer.channel,
            config,
            tuning.patience(),
            failures,
            lifetime,
            unsettled,
            new Triage(config, consumer.counted, redeliveries));
    sink =
        new AmqpSink(
            publisher.wire, publisher.channel, config, failures, lifetime, maxMessageBytes);
    publisher.connection.addBlockedListener(new Alarm(config.address()));
    ShutdownListener onShutdown =
        signal -> {
          AmqpFailures.tooLarge(signal).ifPresent(maxMessageBytes::set);
          lifetime.lose(failures.lost(signal));
        };
    locking =
        locker.map(
            opened -> {
              opened.connection.addShutdownListener(onShutdown);
              return new Locking(
                  opened.wire, lock(opened, publisher.connection, config, failures, lifetime));
            });
    for (Opened end : new Opened[] {consumer, publisher}) {
      end.connection.addShutdownListener(onShutdown);
      end.channel.addShutdownListener(onShutdown);
    }
  }

  private static ActiveLock lock(
      Opened locker,
      Connection publishing,
      AmqpConfig config,
      AmqpFailures failures,
      Lifetime lifetime) {
    return new ActiveLock(
        new LockQueue(config.lockQueue(), locker.connection, publishing, failures),
        config.queueToWs(),
        Duration.ofSeconds(locker.connection.getHeartbeat()),
        failures,
        lifetime);
  }

  /**
   * Opens the connections side by side, with their queues.
   *
   * @param inTurn whether it takes turns with other instances
   * @param brokerWasAway whether a node of the broker may have stopped meanwhile
   */
  static AmqpConnection open(
      AmqpConfig config,
      AmqpBus.Tuning tuning,
      boolean inTurn,
      boolean brokerWasAway,
      RedeliveryWatch redeliveries,
      AtomicLong maxMessageBytes,
      Bus.ConnectionListener listener)
      throws BusException, InterruptedException {
    AmqpFailures failures = new AmqpFailures(config);
    Queues queues = new Queues(config, failures);
    Wire consuming = new Wire(config, "consume", tuning.largestBody());
    Wire publishing = new Wire(config, "publish");
    Wire locking = new Wire(config, "lock", ActiveLock.patience(config.heartbeat()));
    CompletableFuture<Opened> consumer =
        inBackground(
            () -> {
              Connection connection = open(consuming, failures);
              queues.ensure(connection, config.queueToWs());
              boolean counted = queues.examine(connection, config.queueToWs());
              if (brokerWasAway) {
                queues.awaitTakenBack(connection, config.queueToWs());
              }
              Channel channel = Wire.channel(connection);
              channel.basicQos(config.prefetch());
              return new Opened(consuming, connection, channel, counted);
            });
    CompletableFuture<Opened> publisher =
        inBackground(
            () -> {
              Connection connection = open(publishing, failures);
              queues.ensure(connection, config.queueFromWs());
              Channel channel = Wire.channel(connection);
              channel.confirmSelect();
              return new Opened(publishing, connection, channel, false);
            });
    Optional<CompletableFuture<Opened>> locker =
        inTurn ? Optional.of(inBackground(() -> openLocking(locking, failures))) : Optional.empty();
    boolean done = false;
    try {
      AmqpConnection connection =
          new AmqpConnection(
              config,
              tuning,
              await(consumer, failures),
              await(publisher, failures),
              locker.isPresent() ? Optional.of(await(locker.get(), failures)) : Optional.empty(),
              redeliveries,
              maxMessageBytes,
              listener);
      if (connection.locking.isPresent()) {
        connection.locking.get().lock.start();
      }
      // The last of all: a broker in alarm reads nothing more from a connection that has published.
      queues.requireToPublish(await(publisher, failures).connection);
      done = true;
      return connection;
    } finally {
      if (!done) {
        consuming.beginToClose(tuning.closeTimeout());
        publishing.beginToClose(tuning.closeTimeout());
        locking.beginToClose(tuning.closeTimeout());
      }
    }
  }

  private static Opened openLocking(Wire wire, AmqpFailures failures) throws Exception {
    Connection connection = open(wire, failures);
    return new Opened(wire, connection, Wire.channel(connection), false);
  }

  private static Connection open(Wire wire, AmqpFailures failures) throws Exception {
    Connection connection = wire.open();
    int channels = connection.getChannelMax();
    if (channels > 0 && channels < CHANNELS) {
      throw failures.fewChannels(channels, CHANNELS);
    }
    return connection;
  }

  private static CompletableFuture<Opened> inBackground(Callable<Opened> opening) {
    CompletableFuture<Opened> opened = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("amqp-open")
        .start(
            () -> {
              try {
                opened.complete(opening.call());
              } catch (Exception | Error e) { // whoever waits for it must hear
                opened.completeExceptionally(e);
              }
            });
    return opened;
  }

  private static Opened await(CompletableFuture<Opened> opening, AmqpFailures failures)
      throws BusException, InterruptedException {
    try {
      return opening.get();
    } catch (ExecutionException e) {
      Throwable failure = e.getCause() == null ? e : e.getCause();
      throw failure instanceof BusException told ? told : failures.connecting(failure);
    }
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  public Sink sink() {
    return sink;
  }

  @Override
  public Turn turn() {
    return locking.<Turn>map(Locking::lock).orElse(Turn.ALWAYS);
  }

  /** Why dead letters are stuck, if any are. */
  Optional<String> stuckDeadLetters() {
    return lifetime.isOver() ? Optional.empty() : deadLetters.stuck();
  }

  @Override
  public void close() {
    if (!lifetime.isOver()) {
      deadLetters.finish(closeTimeout);
    }
    lifetime.end();
    release();
    consuming.beginToClose(closeTimeout);
    publishing.beginToClose(closeTimeout);
    consuming.close(closeTimeout);
    publishing.close(closeTimeout);
    locking.ifPresent(held -> held.wire.close(closeTimeout));
  }

  /** Lets go of all that waits, and begins to close; does not wait itself. */
  private void release() {
    unsettled.shut();
    deadLetters.end();
    if (locking.isEmpty()) {
      consuming.beginToClose(closeTimeout);
      publishing.beginToClose(closeTimeout);
    } else {
      locking.get().lock.end();
    }
  }
}
