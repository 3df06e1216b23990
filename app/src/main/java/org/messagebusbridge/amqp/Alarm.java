package org.messagebusbridge.amqp;

import com.rabbitmq.client.BlockedListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that the broker does not read from a connection that publishes, as in alarm (memory, disk):
 * what is sent then waits, and so does who sends it.
 */
final class Alarm implements BlockedListener {
  private static final Logger log = LoggerFactory.getLogger(Alarm.class);

  private final String broker;
  private volatile boolean on;

  Alarm(String broker) {
    this.broker = broker;
  }

  @Override
  public void handleBlocked(String reason) {
    if (!on) {
      on = true;
      log.atWarn()
          .addKeyValue("broker", broker)
          .addKeyValue("reason", reason)
          .log("The broker is in alarm and takes no messages; they wait until it is over");
    }
  }

  @Override
  public void handleUnblocked() {
    if (on) {
      on = false;
      log.atInfo().addKeyValue("broker", broker).log("The broker's alarm is over");
    }
  }
}
