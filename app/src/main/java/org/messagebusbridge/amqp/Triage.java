package org.messagebusbridge.amqp;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.messagebusbridge.bus.Rejection;

/**
 * Finds what the source itself puts into the dead letter queue: a body that did not fit into
 * memory, and a message that the broker would drop soon.
 *
 * <p>A quorum queue says in the header {@code x-delivery-count} how many deliveries of a message
 * were in vain, from its second delivery on; what a publisher wrote there is gone by then. RabbitMQ
 * 4.3 does not count what is given back, leaves the header as it was until it has counted once, and
 * says in {@code x-acquired-count} how often the message was handed out, which cannot be less. A
 * classic queue does not count, and passes on what was written there.
 */
final class Triage {
  private static final String DELIVERY_COUNT = "x-delivery-count";
  private static final String ACQUIRED_COUNT = "x-acquired-count";

  private final AmqpConfig config;
  private final boolean counted;
  private final RedeliveryWatch watch;

  /**
   * @param counted whether the broker counts deliveries of this queue and drops a message by that
   * @param watch told of the counts
   */
  Triage(AmqpConfig config, boolean counted, RedeliveryWatch watch) {
    this.config = config;
    this.counted = counted;
    this.watch = watch;
  }

  /** Why this is not to be handed out; empty when it is. */
  Optional<Rejection> of(AmqpDelivery delivery) {
    long count = counted && delivery.redelivered() ? count(delivery) : 0;
    if (count > 0) {
      watch.see(config, count);
    }
    if (delivery.bodyBytes() > delivery.message().size()) {
      return Optional.of(
          rejection(
              Rejection.Reason.TOO_LARGE,
              "The message has "
                  + delivery.bodyBytes()
                  + " bytes, more than a quarter of the bridge's memory, so they were not read;"
                  + " give it more memory (-Xmx) if such messages are to be kept whole.",
              count));
    }
    if (count >= config.maxRedeliveries().orElse(Integer.MAX_VALUE)
        && config.deadLetterQueue().isPresent()) {
      return Optional.of(
          rejection(
              Rejection.Reason.DELIVERY_LIMIT,
              "The message was delivered "
                  + count
                  + " times and never acknowledged (mq_max_redeliveries); the broker would drop it"
                  + " at its queue's delivery limit.",
              count));
    }
    return Optional.empty();
  }

  private static Rejection rejection(Rejection.Reason reason, String detail, long count) {
    int attempts = Math.clamp(count, 1, Integer.MAX_VALUE);
    return new Rejection(reason, detail, Map.of(), attempts, Instant.now());
  }

  private static long count(AmqpDelivery delivery) {
    long count = number(delivery, DELIVERY_COUNT).orElse(0);
    return count <= number(delivery, ACQUIRED_COUNT).orElse(count) ? count : 0;
  }

  private static OptionalLong number(AmqpDelivery delivery, String header) {
    Map<String, Object> headers = delivery.properties().getHeaders();
    return headers != null && headers.get(header) instanceof Number number
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }
}
