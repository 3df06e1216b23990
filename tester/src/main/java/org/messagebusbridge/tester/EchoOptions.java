package org.messagebusbridge.tester;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flag that makes the tester its own WebSocket service. */
final class EchoOptions {

  private static final Duration TIME_FOR_BRIDGE = Duration.ofMinutes(2);
  private static final Pattern ADDRESS =
      Pattern.compile("(?:(\\[[0-9a-fA-F:.]+]|[\\w.-]+):)?(\\d{1,5})");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  @Option(
      names = "--ws-echo",
      paramLabel = "[HOST:]PORT",
      description =
          "Be the WebSocket service, too: echo at this address (of 127.0.0.1), and begin when the"
              + " bridge has connected. With -n 0 nothing is sent, and it echoes until Ctrl-C.")
  private Optional<String> address = Optional.empty();

  boolean isWanted() {
    return address.isPresent();
  }

  /** The service, which listens; empty when none is wanted. */
  Optional<EchoServer> server() {
    return address.map(this::listen);
  }

  /** Says where it is, and waits for the bridge, for two minutes. */
  static void awaitBridge(EchoServer service, Console console)
      throws TesterException, InterruptedException {
    console.line(
        "Echoing at %1$s; waiting for the bridge, which finds it with MBB_WS_API_API_HOST=%1$s"
            .formatted(service.url()));
    if (!service.awaitClient(TIME_FOR_BRIDGE)) {
      throw new TesterException(
          "No bridge connected to %s within %d s; start it with MBB_WS_API_API_HOST set to that."
              .formatted(service.url(), TIME_FOR_BRIDGE.toSeconds()));
    }
  }

  /** Is the service and no tester, until a signal ends the process. */
  int forEver(Console console) throws InterruptedException {
    try (EchoServer service = server().orElseThrow()) {
      console.line("Echoing at %s until Ctrl-C".formatted(service.url()));
      new CountDownLatch(1).await();
      return 0;
    }
  }

  private EchoServer listen(String where) {
    Matcher form = ADDRESS.matcher(where);
    if (!form.matches() || Integer.parseInt(form.group(2)) > 65_535) {
      throw wrong(
          "--ws-echo has to be a port (8080) or a host and a port (0.0.0.0:8080), not '%s'"
              .formatted(where));
    }
    String host = form.group(1) == null ? "127.0.0.1" : form.group(1);
    InetSocketAddress socket = new InetSocketAddress(host, Integer.parseInt(form.group(2)));
    if (socket.isUnresolved()) {
      throw wrong("--ws-echo: the host '%s' is unknown; name one of this machine".formatted(host));
    }
    try {
      return EchoServer.listen(socket);
    } catch (IOException e) {
      throw wrong(
          "--ws-echo: cannot listen at %s (%s); name another port"
              .formatted(where, e.getMessage()));
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
