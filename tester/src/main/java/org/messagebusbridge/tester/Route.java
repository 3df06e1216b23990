package org.messagebusbridge.tester;

import org.messagebusbridge.config.AmqpConfig;

/**
 * The way of the messages.
 *
 * @param broker where both queues are
 * @param sendTo the queue that the bridge consumes
 * @param receiveFrom the queue that it publishes to; the same one when there is no bridge, to see
 *     what tester and broker can do
 */
record Route(AmqpConfig broker, String sendTo, String receiveFrom) {

  /** Through the bridge of a configuration. */
  static Route of(AmqpConfig broker) {
    return new Route(broker, broker.queueToWs(), broker.queueFromWs());
  }
}
