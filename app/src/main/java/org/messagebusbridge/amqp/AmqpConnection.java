package org.messagebusbridge.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownListener;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Sink;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.config.AmqpConfig;

/**
 * The two connections to the broker, one that consumes and one that publishes. The loss of either,
 * or of a channel, or of the consumer, is the loss of both.
 */
final class AmqpConnection implements BusConnection {
  private final Wire consuming;
  private final Wire publishing;
  private final Duration closeTimeout;
  private final Unsettled unsettled;
  private final DeadLetters deadLetters;
  private final Lifetime lifetime;
  private final AmqpSource source;
  private final AmqpSink sink;
  private final Alarm alarm;

  /** One of the two, opened: its queue is there, and a channel of its own. */
  private record Opened(Wire wire, Connection connection, Channel channel) {}

  private AmqpConnection(
      AmqpConfig config,
      AmqpBus.Tuning tuning,
      Opened consumer,
      Opened publisher,
      AtomicLong maxMessageBytes,
      Bus.ConnectionListener listener) {
    AmqpFailures failures = new AmqpFailures(config);
    consuming = consumer.wire;
    publishing = publisher.wire;
    closeTimeout = tuning.closeTimeout();
    unsettled = new Unsettled(tuning.unsettledBytes());
    deadLetters = new DeadLetters(publisher.connection, config, failures, tuning.deadLetterPause());
    lifetime =
        new Lifetime(
            cause -> {
              release();
              listener.lost(cause);
            });
    source =
        new AmqpSource(
            consumer.channel,
            config,
            tuning.patience(),
            failures,
            lifetime,
            unsettled,
            new Settling(consumer.channel, failures, lifetime, unsettled, deadLetters));
    sink = new AmqpSink(publisher.channel, config, failures, lifetime, maxMessageBytes);
    alarm = new Alarm(config.address());
    publisher.connection.addBlockedListener(alarm);
    ShutdownListener onShutdown =
        signal -> {
          AmqpFailures.tooLarge(signal).ifPresent(maxMessageBytes::set);
          lifetime.lose(failures.lost(signal));
        };
    for (Opened end : new Opened[] {consumer, publisher}) {
      end.connection.addShutdownListener(onShutdown);
      end.channel.addShutdownListener(onShutdown);
    }
  }

  /** Opens both connections side by side, with their queues. */
  static AmqpConnection open(
      AmqpConfig config,
      AmqpBus.Tuning tuning,
      AtomicLong maxMessageBytes,
      Bus.ConnectionListener listener)
      throws BusException, InterruptedException {
    AmqpFailures failures = new AmqpFailures(config);
    Queues queues = new Queues(config, failures);
    Wire consuming = new Wire(config, "consume");
    Wire publishing = new Wire(config, "publish");
    CompletableFuture<Opened> consumer =
        inBackground(
            () -> {
              Opened opened = open(consuming, queues, config.queueToWs());
              opened.channel.basicQos(config.prefetch());
              return opened;
            });
    CompletableFuture<Opened> publisher =
        inBackground(
            () -> {
              Opened opened = open(publishing, queues, config.queueFromWs());
              opened.channel.confirmSelect();
              return opened;
            });
    boolean done = false;
    try {
      AmqpConnection connection =
          new AmqpConnection(
              config,
              tuning,
              await(consumer, failures),
              await(publisher, failures),
              maxMessageBytes,
              listener);
      done = true;
      return connection;
    } finally {
      if (!done) {
        consuming.beginToClose(tuning.closeTimeout());
        publishing.beginToClose(tuning.closeTimeout());
      }
    }
  }

  private static Opened open(Wire wire, Queues queues, String queue) throws Exception {
    Connection connection = wire.open();
    queues.ensure(connection, queue);
    return new Opened(wire, connection, Wire.channel(connection));
  }

  private static CompletableFuture<Opened> inBackground(Callable<Opened> opening) {
    CompletableFuture<Opened> opened = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("amqp-open")
        .start(
            () -> {
              try {
                opened.complete(opening.call());
              } catch (Exception e) {
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

  /** Whether the broker is in alarm and takes no messages. */
  boolean isBlocked() {
    return alarm.isOn();
  }

  @Override
  public void close() {
    if (!lifetime.isOver()) {
      deadLetters.finish(closeTimeout);
    }
    lifetime.end();
    release();
    consuming.close(closeTimeout);
    publishing.close(closeTimeout);
  }

  /** Lets go of all that waits, and begins to close; does not wait itself. */
  private void release() {
    unsettled.shut();
    deadLetters.end();
    consuming.beginToClose(closeTimeout);
    publishing.beginToClose(closeTimeout);
  }
}
