package org.messagebusbridge.sandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;
import org.messagebusbridge.sandbox.EmbeddedBroker;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.child.BridgeQueues;
import org.messagebusbridge.sandbox.child.BrokerUri;
import org.messagebusbridge.sandbox.child.Service;
import org.messagebusbridge.sandbox.child.Settings;

/**
 * Gives the bridge something to do while its JVM records which classes it needs: an embedded
 * broker, a WebSocket service that asks for a token, and messages both ways.
 */
public final class Training {
  private static final Duration TIME_TO_CONNECT = Duration.ofSeconds(30);
  private static final Duration TIME_TO_END = Duration.ofSeconds(60);
  private static final Service.Client CLIENT = new Service.Client("training", "c0ffee");

  private Training() {}

  /**
   * Runs a command that starts a bridge, to which the file with its settings is appended; lets it
   * carry messages and ends it by SIGTERM.
   *
   * @param command program and arguments, the last of which is {@code -c}
   */
  public static void main(String[] command) throws IOException, InterruptedException {
    LogManager.getLogManager().reset();
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        WebSocketService service =
            WebSocketService.builder().jwt(CLIENT.id(), CLIENT.secret()).start()) {
      BrokerUri uri = BrokerUri.of(broker);
      Settings settings =
          new Settings(uri, Optional.of(Service.of(service, CLIENT)), "to_ws", "from_ws");
      Path ini = settings.write();
      try (BridgeQueues queues = BridgeQueues.create(uri, "to_ws", "from_ws")) {
        Process bridge = start(List.of(command), ini, settings.environment());
        try {
          if (queues.awaitConsumer(TIME_TO_CONNECT, () -> !bridge.isAlive())) {
            carry(broker);
          }
        } finally {
          bridge.toHandle().destroy();
          if (!bridge.waitFor(TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
            bridge.destroyForcibly();
          }
        }
      } finally {
        Files.deleteIfExists(ini);
      }
    }
  }

  private static void carry(EmbeddedBroker broker) throws InterruptedException {
    Load.Spec spec = new Load.Spec(200, 100, 200, Duration.ZERO, 1, Duration.ofSeconds(10));
    try (Load load = Load.open(broker.connectionFactory(), spec, "to_ws", "from_ws")) {
      load.run(() -> {}, () -> {});
    }
  }

  private static Process start(List<String> command, Path ini, Map<String, String> environment)
      throws IOException {
    List<String> all = new ArrayList<>(command);
    all.add(ini.toString());
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    return builder.start();
  }
}
