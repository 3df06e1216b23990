package org.messagebusbridge.amqp;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of messages that RabbitMQ 4.x is about to drop: a quorum queue there drops a message whose
 * 21st delivery is not acknowledged either, unless told otherwise. A client is not told what limit
 * the queue has, so the warning says how to set it. Once a minute at most, over all connections of
 * a bus. Any thread.
 */
final class RedeliveryWatch {
  private static final Logger log = LoggerFactory.getLogger(RedeliveryWatch.class);
  private static final long MANY = 10;
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final Consumer<String> warnings;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean warned;
  private long warnedAt;

  /** Warns in the log. */
  RedeliveryWatch() {
    this(System::nanoTime, log::warn);
  }

  /**
   * @param nanoTime as {@link System#nanoTime}
   * @param warnings gets each sentence
   */
  RedeliveryWatch(LongSupplier nanoTime, Consumer<String> warnings) {
    this.nanoTime = nanoTime;
    this.warnings = warnings;
  }

  /**
   * A message came from {@code mq_qname_to_ws} of a RabbitMQ from 4.0 on.
   *
   * @param count how many deliveries of it came before, none of which was acknowledged
   */
  void see(AmqpConfig config, long count) {
    if (count >= MANY && isTime()) {
      warnings.accept(sentence(config, count));
    }
  }

  private boolean isTime() {
    long now = nanoTime.getAsLong();
    lock.lock();
    try {
      if (warned && now - warnedAt < PAUSE.toNanos()) {
        return false;
      }
      warned = true;
      warnedAt = now;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static String sentence(AmqpConfig config, long count) {
    String queue = config.queueToWs();
    String vhost = config.vhost().equals("/") ? "" : "-p " + quoted(config.vhost()) + " ";
    String moved =
        config.maxRedeliveries().isPresent() && config.deadLetterQueue().isPresent()
            ? "at %d the bridge moves it to %s (mq_max_redeliveries), for after 21"
                .formatted(config.maxRedeliveries().getAsInt(), config.deadLetterQueue().get())
            : "after 21";
    return "A message of queue %s at %s was delivered %d times before and never acknowledged; %s"
            .formatted(queue, config.address(), count, moved)
        + " such deliveries RabbitMQ 4.x drops it, unless the queue has a limit of its own: have"
        + " it dropped never by rabbitmqctl set_policy "
        + vhost
        + "mbb "
        + quoted("^" + queue.replaceAll("[\\\\.^$|?*+()\\[\\]{}]", "\\\\$0") + "$")
        + " '{\"delivery-limit\": 1000000000}' --apply-to quorum_queues.";
  }

  /** A word of a POSIX shell. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
