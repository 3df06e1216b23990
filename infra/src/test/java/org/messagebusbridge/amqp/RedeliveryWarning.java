package org.messagebusbridge.amqp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.messagebusbridge.config.Configuration;

/** What the bridge says of a message that was delivered again and again. */
public final class RedeliveryWarning {
  private RedeliveryWarning() {}

  /** After so many deliveries that were not acknowledged. */
  public static String of(long deliveries) {
    AmqpConfig config =
        new AmqpConfig(Configuration.DEFAULTS)
            .with(AmqpKeys.HOST, "b-1.mq.eu-west-1.on.aws")
            .with(AmqpKeys.PORT, 5671)
            .with(AmqpKeys.QUEUE_TO_WS, "to_ws")
            .with(AmqpKeys.QUEUE_DEAD_LETTER, Optional.of("to_ws.dead"));
    List<String> said = new ArrayList<>();
    new RedeliveryWatch(System::nanoTime, said::add).see(config, deliveries);
    return said.get(0);
  }
}
