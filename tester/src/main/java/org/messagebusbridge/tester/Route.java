package org.messagebusbridge.tester;

import java.util.OptionalInt;
import org.messagebusbridge.amqp.AmqpConfig;

/**
 * The way of the messages.
 *
 * @param broker where both queues are
 * @param sendTo the queue that the bridge consumes
 * @param receiveFrom the queue that it publishes to
 */
record Route(AmqpConfig broker, String sendTo, String receiveFrom) {

  /** Through the bridge of a configuration, or past it, into the queue that it would publish to. */
  static Route of(AmqpConfig broker, Plan plan) {
    return new Route(
        broker, plan.direct() ? broker.queueFromWs() : broker.queueToWs(), broker.queueFromWs());
  }

  /**
   * What is about to be done, in a line for people.
   *
   * @param total how many messages, when that is known
   */
  String headline(OptionalInt total) {
    return "Sending %s to '%s', waiting for them on '%s', at %s"
        .formatted(
            total.isPresent() ? total.getAsInt() + " messages" : "messages",
            sendTo,
            receiveFrom,
            broker.address());
  }
}
