package org.messagebusbridge.amqp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.messagebusbridge.config.AmqpConfig;
import org.messagebusbridge.config.Secret;
import org.messagebusbridge.config.TlsFiles;

/** What the bridge says of a message that was delivered again and again. */
public final class RedeliveryWarning {
  private RedeliveryWarning() {}

  /** After so many deliveries that were not acknowledged. */
  public static String of(long deliveries) {
    AmqpConfig config =
        new AmqpConfig(
            "b-1.mq.eu-west-1.on.aws",
            5671,
            true,
            "/",
            "bridge",
            new Secret(""),
            "to_ws",
            "from_ws",
            Duration.ofMinutes(5),
            "mqhandler",
            TlsFiles.NONE,
            500,
            true,
            Optional.empty(),
            5,
            OptionalInt.of(15),
            Optional.of("to_ws.dead"),
            5,
            Duration.ofSeconds(20),
            Optional.empty());
    List<String> said = new ArrayList<>();
    new RedeliveryWatch(System::nanoTime, said::add).see(config, deliveries);
    return said.get(0);
  }
}
