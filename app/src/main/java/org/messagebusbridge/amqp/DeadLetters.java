package org.messagebusbridge.amqp;

import static com.rabbitmq.client.AMQP.PRECONDITION_FAILED;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Backoff;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Rejection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes to the dead letter queue, on a channel of its own, one message after the other: each is
 * done when the broker has confirmed it. One that the broker does not take is stuck: it is tried
 * again after a pause that doubles, behind those that came meanwhile, until the connection is gone;
 * then it is the broker's to deliver again. One that does not fit, or that the broker refuses for
 * what it is, goes in another {@link Form}.
 */
final class DeadLetters {
  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
  private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final Connection connection;
  private final AmqpConfig config;
  private final Queues queues;
  private final AmqpFailures failures;
  private final Backoff backoff;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Set<Letter> stuck = ConcurrentHashMap.newKeySet();

  /** One thread, made when first needed. */
  private final ExecutorService publisher =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("amqp-dead-letters").factory());

  private volatile boolean returned;
  private volatile String lastRefusal = "";

  // Of the publisher's thread.
  private @Nullable Channel channel;

  /** What of a message is published. */
  enum Form {
    /** All of it, and our headers. */
    WHOLE,
    /** Its body and our headers, but none of its own. */
    WITHOUT_ITS_HEADERS,
    /** Our headers and the beginning of its body. */
    BEGINNING;

    private Optional<Form> next() {
      return switch (this) {
        case WHOLE -> Optional.of(WITHOUT_ITS_HEADERS);
        case WITHOUT_ITS_HEADERS -> Optional.of(BEGINNING);
        case BEGINNING -> Optional.empty();
      };
    }
  }

  /** Used by the publisher's thread. */
  private static final class Letter {
    private final AmqpDelivery delivery;
    private final Rejection rejection;
    private final Runnable whenConfirmed;
    private Form form = Form.WHOLE;
    private int refusals;

    private Letter(AmqpDelivery delivery, Rejection rejection, Runnable whenConfirmed) {
      this.delivery = delivery;
      this.rejection = rejection;
      this.whenConfirmed = whenConfirmed;
    }

    private byte[] body() {
      byte[] body = delivery.message().body();
      return form == Form.BEGINNING && body.length > LargeBodies.KEPT
          ? Arrays.copyOf(body, LargeBodies.KEPT)
          : body;
    }
  }

  /**
   * @param connection the one that publishes
   * @param pause between the first two attempts at most, up to 5 minutes; later ones are longer
   */
  DeadLetters(Connection connection, AmqpConfig config, AmqpFailures failures, Duration pause) {
    this.connection = connection;
    this.config = config;
    this.queues = new Queues(config, failures);
    this.failures = failures;
    this.backoff = new Backoff(pause, LONGEST_PAUSE);
  }

  /** Whether there is a queue for them: {@code mq_qname_dead_letter} is not {@code none}. */
  boolean areKept() {
    return config.deadLetterQueue().isPresent();
  }

  /** How many are stuck and why, in a sentence; empty when none is. Any thread. */
  Optional<String> stuck() {
    int count = stuck.size();
    return count == 0
        ? Optional.empty()
        : Optional.of(
            "%d of the messages that cannot be delivered cannot be moved to the dead letter queue %s at %s (%s); see to that queue."
                .formatted(
                    count, config.deadLetterQueue().orElse("none"), config.address(), lastRefusal));
  }

  /**
   * Takes a message in; returns at once.
   *
   * @param whenConfirmed run when the broker has it, by another thread
   */
  void take(AmqpDelivery delivery, Rejection rejection, Runnable whenConfirmed) {
    submit(new Letter(delivery, rejection, whenConfirmed));
  }

  private void submit(Letter letter) {
    try {
      publisher.execute(() -> attempt(letter));
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

  private void attempt(Letter letter) {
    String queue = config.deadLetterQueue().orElseThrow();
    String refusal;
    try {
      refusal = tryToPublish(letter, queue);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (refusal.isEmpty()) {
      stuck.remove(letter);
      letter.whenConfirmed.run();
      log.atWarn()
          .addKeyValue("queue", queue)
          .addKeyValue("reason", letter.rejection.reason())
          .addKeyValue("detail", letter.rejection.detail())
          .log("A message was moved to the dead letter queue");
    } else if (over.getCount() > 0) {
      lastRefusal = refusal;
      stuck.add(letter);
      Duration pause = backoff.pause(++letter.refusals, random);
      log.atError()
          .addKeyValue("queue", queue)
          .addKeyValue("cause", refusal)
          .addKeyValue("stuck", stuck.size())
          .addKeyValue("again_in_ms", pause.toMillis())
          .log("A message cannot be moved to the dead letter queue; it is kept and tried again");
      CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> submit(letter));
    }
  }

  /** Gives why the broker did not take the message, in any form; empty when it did. */
  private String tryToPublish(Letter letter, String queue) throws InterruptedException {
    while (true) {
      try {
        return publish(letter, queue);
      } catch (BusException e) {
        leave();
        return e.sentence();
      } catch (IOException | ShutdownSignalException e) {
        leave();
        Optional<Form> next = isRefusedForWhatItIs(e) ? letter.form.next() : Optional.empty();
        if (next.isEmpty()) {
          return failures.lost(e).sentence();
        }
        letter.form = next.get();
      } catch (TimeoutException e) {
        leave();
        return "it was not confirmed within " + CONFIRM_TIMEOUT.toSeconds() + " s";
      }
    }
  }

  /** As one larger than {@code max_message_size} is: the channel is closed with this code. */
  private static boolean isRefusedForWhatItIs(Throwable failure) {
    return Reply.of(failure).filter(reply -> reply.code() == PRECONDITION_FAILED).isPresent();
  }

  private String publish(Letter letter, String queue)
      throws IOException, TimeoutException, InterruptedException, BusException {
    BasicProperties properties = properties(letter);
    if (!fits(properties)) {
      letter.form = letter.form.next().orElse(letter.form);
      properties = properties(letter);
    }
    Channel publishing = channel(queue);
    returned = false;
    publishing.basicPublish("", queue, true, properties, letter.body());
    boolean confirmed = publishing.waitForConfirms(CONFIRM_TIMEOUT.toMillis());
    if (returned) {
      leave();
      return "the queue is gone";
    }
    return confirmed ? "" : "the queue does not take it (is it full?)";
  }

  private BasicProperties properties(Letter letter) {
    AmqpDelivery delivery = letter.delivery;
    return DeathHeaders.of(
        delivery.properties(),
        delivery.envelope(),
        config.queueToWs(),
        letter.rejection,
        new DeathHeaders.Part(
            letter.form == Form.WHOLE, letter.body().length, delivery.bodyBytes()));
  }

  /** Whether the header frame is within what was agreed (AMQP 0-9-1, section 4.2.3). */
  private boolean fits(BasicProperties properties) throws IOException {
    int largest = connection.getFrameMax();
    return largest <= 0 || properties.toFrame(1, 0).size() <= largest;
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
