package org.messagebusbridge.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.config.AmqpConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes to the dead letter queue, on a channel of its own, one message after the other: each is
 * done when the broker has confirmed it. One that the broker does not take is tried again, after a
 * pause, until the connection is gone; then it is the broker's to deliver again.
 */
final class DeadLetters {
  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
  private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(20);

  private final Connection connection;
  private final AmqpConfig config;
  private final Queues queues;
  private final AmqpFailures failures;
  private final Duration pause;
  private final CountDownLatch over = new CountDownLatch(1);

  /** One thread, made when first needed. */
  private final ExecutorService publisher =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("amqp-dead-letters").factory());

  private volatile boolean returned;

  // Of the publisher's thread.
  private @Nullable Channel channel;

  private record Letter(AmqpDelivery delivery, Rejection rejection, Runnable whenConfirmed) {}

  /**
   * @param connection the one that publishes
   * @param pause between two attempts
   */
  DeadLetters(Connection connection, AmqpConfig config, AmqpFailures failures, Duration pause) {
    this.connection = connection;
    this.config = config;
    this.queues = new Queues(config, failures);
    this.failures = failures;
    this.pause = pause;
  }

  /** Whether there is a queue for them: {@code mq_qname_dead_letter} is not {@code none}. */
  boolean areKept() {
    return config.deadLetterQueue().isPresent();
  }

  /**
   * Takes a message in; returns at once.
   *
   * @param whenConfirmed run when the broker has it, by another thread
   */
  void take(AmqpDelivery delivery, Rejection rejection, Runnable whenConfirmed) {
    try {
      publisher.execute(
          () -> publishUntilConfirmed(new Letter(delivery, rejection, whenConfirmed)));
    } catch (RejectedExecutionException e) {
      log.debug("The connection is gone; the message is the broker's to deliver again", e);
    }
  }

  /** Tries nothing again: the connection is gone. */
  void end() {
    over.countDown();
    publisher.shutdown();
  }

  /** Takes no more, and waits until what was taken before has been tried. */
  void finish(Duration timeout) {
    end();
    try {
      if (!publisher.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("Dead letters are left; their messages are the broker's to deliver again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publishUntilConfirmed(Letter letter) {
    String queue = config.deadLetterQueue().orElseThrow();
    try {
      do {
        String refusal = tryToPublish(letter, queue);
        if (refusal.isEmpty()) {
          letter.whenConfirmed.run();
          log.atWarn()
              .addKeyValue("queue", queue)
              .addKeyValue("reason", letter.rejection.reason())
              .addKeyValue("detail", letter.rejection.detail())
              .log("A message was moved to the dead letter queue");
          return;
        }
        leave();
        if (over.getCount() > 0) {
          log.atError()
              .addKeyValue("queue", queue)
              .addKeyValue("cause", refusal)
              .log(
                  "A message cannot be moved to the dead letter queue; it is kept and tried again");
        }
      } while (!over.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives why the broker did not take the message; empty when it did. */
  private String tryToPublish(Letter letter, String queue) throws InterruptedException {
    try {
      return publish(letter, queue);
    } catch (BusException e) {
      return e.sentence();
    } catch (IOException | ShutdownSignalException e) {
      return failures.lost(e).sentence();
    } catch (TimeoutException e) {
      return "it was not confirmed within " + CONFIRM_TIMEOUT.toSeconds() + " s";
    } catch (IllegalArgumentException e) {
      return "its headers are too large";
    }
  }

  private String publish(Letter letter, String queue)
      throws IOException, TimeoutException, InterruptedException, BusException {
    Channel publishing = channel(queue);
    AmqpDelivery delivery = letter.delivery;
    BasicProperties properties =
        DeathHeaders.of(
            delivery.properties(), delivery.envelope(), config.queueToWs(), letter.rejection);
    returned = false;
    publishing.basicPublish("", queue, true, properties, delivery.message().body());
    boolean confirmed = publishing.waitForConfirms(CONFIRM_TIMEOUT.toMillis());
    if (returned) {
      return "the queue is gone";
    }
    return confirmed ? "" : "the queue does not take it (is it full?)";
  }

  private Channel channel(String queue) throws IOException, BusException {
    Channel current = channel;
    if (current != null && current.isOpen()) {
      return current;
    }
    queues.ensure(connection, queue);
    Channel opened = Wire.channel(connection);
    opened.confirmSelect();
    opened.addReturnListener(message -> returned = true);
    channel = opened;
    return opened;
  }

  /** The next attempt begins anew, with the queue made again if it is gone. */
  private void leave() {
    Channel left = channel;
    channel = null;
    if (left != null) {
      try {
        left.abort();
      } catch (IOException e) {
        log.debug("The channel of the dead letters was not closed cleanly", e);
      }
    }
  }
}
