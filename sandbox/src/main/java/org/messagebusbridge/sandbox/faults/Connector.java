package org.messagebusbridge.sandbox.faults;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** How the load's own two ends reach the broker: never through a fault. */
@FunctionalInterface
public interface Connector {

  /**
   * A new connection.
   *
   * @param name shown by the broker
   */
  Connection connect(String name) throws IOException, TimeoutException;
}
