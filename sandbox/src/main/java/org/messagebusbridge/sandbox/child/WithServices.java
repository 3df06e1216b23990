package org.messagebusbridge.sandbox.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.LogManager;
import org.messagebusbridge.sandbox.EmbeddedBroker;
import org.messagebusbridge.sandbox.WebSocketService;

/**
 * Runs a command that may start bridge and tester: beside it an embedded broker and a WebSocket
 * service that echoes and asks for a token.
 */
public final class WithServices {
  private static final Service.Client CLIENT = new Service.Client("client", "c0ffee");

  private WithServices() {}

  /**
   * Runs the command to its end, and ends with its exit code.
   *
   * @param command program and arguments; the INI file with what may be seen of the settings is
   *     appended to them, and the secrets are in the environment
   */
  public static void main(String[] command) throws IOException, InterruptedException {
    System.exit(run(List.of(command)));
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    LogManager.getLogManager().reset();
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        WebSocketService service =
            WebSocketService.builder().jwt(CLIENT.id(), CLIENT.secret()).start()) {
      Settings settings =
          new Settings(
              BrokerUri.of(broker), Optional.of(Service.of(service, CLIENT)), "to_ws", "from_ws");
      Path ini = settings.write();
      try {
        List<String> all = new ArrayList<>(command);
        all.add(ini.toString());
        ProcessBuilder builder = new ProcessBuilder(all).inheritIO();
        builder.environment().putAll(settings.environment());
        return builder.start().waitFor();
      } finally {
        Files.deleteIfExists(ini);
      }
    }
  }
}
