package org.messagebusbridge.sandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.sandbox.Behaviour;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Certificates;
import org.messagebusbridge.sandbox.RabbitCluster;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.child.BridgeQueues;
import org.messagebusbridge.sandbox.child.BrokerUri;
import org.messagebusbridge.sandbox.child.Command;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import org.messagebusbridge.sandbox.child.Service;
import org.messagebusbridge.sandbox.child.Settings;

/**
 * Opens ways on one broker: bridges in processes of their own, with the flags they are shipped
 * with, their WebSocket services in this one. Used by one thread.
 */
final class Contenders {
  private static final Duration TIME_TO_CONNECT = Duration.ofSeconds(30);
  private static final List<String> OF_BRIDGE =
      List.of("MBB_AWS_MQ_", "MBB_WS_API_", "MBB_BRIDGE_");

  private final Launcher launcher;
  private final Resources resources;
  private final Broker broker;
  private final Optional<Path> benthos;

  /**
   * None open yet.
   *
   * @param resources closes what is opened here
   * @param benthos its binary, without which that way cannot be opened
   */
  Contenders(Launcher launcher, Resources resources, Broker broker, Optional<Path> benthos) {
    this.launcher = launcher;
    this.resources = resources;
    this.broker = broker;
    this.benthos = benthos;
  }

  /**
   * Opens a way, with queues of its own.
   *
   * @param name of its queues
   * @throws SandboxException when a part does not start
   */
  Contender open(Way way, String name) throws InterruptedException {
    return open(way, name, () -> {});
  }

  /** What happens to the queues of a way before anything takes from them. */
  interface Preparation {
    void make() throws InterruptedException;
  }

  /** As {@link #open(Way, String)}, with a moment when its queues are there and it is not. */
  Contender open(Way way, String name, Preparation preparation) throws InterruptedException {
    if (way == Way.DIRECT) {
      queues(name, name);
      return new Contender(way, name, name, List.of());
    }
    String to = name + ".to_ws";
    String from = name + ".from_ws";
    BridgeQueues queues = queues(to, from);
    preparation.make();
    List<Command> processes =
        switch (way) {
          case DIRECT, FLOOR -> List.of(floor(to, from));
          case SHOVEL -> shovel(new Shovel(name, Shovel.DIRECT, to, from));
          case SHOVEL_TCP -> shovel(new Shovel(name, Shovel.tcp(uri()), to, from));
          case LOOPBACK -> List.of(bridge(Optional.empty(), to, from, Map.of()));
          case PONG -> List.of(bridge(Optional.of(echo()), to, from, Map.of()));
          case FLUSH ->
              List.of(
                  bridge(
                      Optional.of(echo()),
                      to,
                      from,
                      Map.of("MBB_WS_API_WS_DELIVERY_CONFIRM", "flush")));
          case WSS -> List.of(overTls(to, from));
          case BENTHOS -> benthos(to, from);
        };
    awaitConsumer(way, queues, processes);
    return new Contender(way, to, from, processes);
  }

  /**
   * Another instance of the bridge on the queues of one that is open, with a service of its own.
   */
  Command another(Contender beside) throws InterruptedException {
    WebSocketService service = resources.open(() -> WebSocketService.builder().start());
    Command bridge = bridge(Optional.of(Service.of(service)), beside.to(), beside.from(), Map.of());
    service.awaitConnections(1, TIME_TO_CONNECT);
    return bridge;
  }

  /** On a cluster they are quorum queues, else of the broker's default type. */
  private BridgeQueues queues(String to, String from) {
    Map<String, Object> arguments =
        broker instanceof RabbitCluster
            ? Map.of("x-queue-type", "quorum", "x-delivery-limit", -1)
            : Map.of();
    return resources.open(() -> BridgeQueues.create(uri(), to, from, arguments));
  }

  private static void awaitConsumer(Way way, BridgeQueues queues, List<Command> processes)
      throws InterruptedException {
    if (!queues.awaitConsumer(
        TIME_TO_CONNECT, () -> processes.stream().anyMatch(process -> !process.isRunning()))) {
      String words =
          processes.isEmpty() ? "nothing consumes its queue." : processes.getFirst().lastWords();
      throw new SandboxException("'%s' did not start: %s".formatted(way.label(), words));
    }
  }

  private Command bridge(
      Optional<Service> service, String to, String from, Map<String, String> environment) {
    Settings settings = new Settings(uri(), service, to, from);
    Path ini = deletedAtEnd(settings.write());
    Map<String, String> all = new LinkedHashMap<>(settings.environment());
    all.put("MBB_AWS_MQ_MQ_PERSISTENT", "false"); // as what the others carry
    all.putAll(environment);
    List<String> arguments = new ArrayList<>(List.of("bridge", "-c", ini.toString()));
    if (service.isEmpty()) {
      arguments.add("-X");
    }
    return resources.open(() -> launcher.start(arguments, all, OF_BRIDGE, line -> {}));
  }

  private Service echo() {
    return Service.of(resources.open(() -> WebSocketService.builder().start()));
  }

  private Command overTls(String to, String from) {
    Path folder = resources.open(TemporaryFolder::create).path();
    Certificates certificates = Certificates.in(folder.resolve("certificates"));
    WebSocketService service =
        resources.open(
            () ->
                WebSocketService.builder()
                    .tls(certificates.serverContext(certificates.server()), false)
                    .start());
    return bridge(
        Optional.of(Service.of(service)),
        to,
        from,
        Map.of("MBB_WS_API_WS_CA_FILE", certificates.caFile().toString()));
  }

  private Command floor(String to, String from) {
    BrokerUri uri = uri();
    Map<String, String> environment =
        Map.of(
            "FLOOR_PORT", Integer.toString(uri.port()),
            "FLOOR_USER", uri.user(),
            "FLOOR_PASSWORD", uri.password(),
            "FLOOR_FROM", to,
            "FLOOR_TO", from);
    return resources.open(
        () -> launcher.start(List.of("bench-floor"), environment, List.of(), line -> {}));
  }

  private List<Command> shovel(Shovel shovel) {
    if (!(broker instanceof RabbitNode node)) {
      throw new SandboxException("A shovel is measured on one node alone.");
    }
    resources.open(() -> shovel.start(node));
    return List.of();
  }

  private List<Command> benthos(String to, String from) throws InterruptedException {
    Path binary =
        benthos.orElseThrow(() -> new SandboxException("Benthos is not there; see --benthos."));
    WebSocketService service =
        resources.open(() -> WebSocketService.builder().behaviour(Behaviour.echoAcross()).start());
    Path folder = resources.open(TemporaryFolder::create).path();
    Benthos configuration = new Benthos(uri(), service.url());
    List<Command> processes = new ArrayList<>();
    for (Path file :
        List.of(
            write(folder.resolve("from.yaml"), configuration.fromWs(from)),
            write(folder.resolve("to.yaml"), configuration.toWs(to)))) {
      processes.add(
          resources.open(
              () ->
                  new Launcher(binary)
                      .start(List.of("-c", file.toString()), Map.of(), List.of(), line -> {})));
      service.awaitConnections(processes.size(), TIME_TO_CONNECT);
    }
    return processes;
  }

  private BrokerUri uri() {
    return BrokerUri.of(broker);
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new SandboxException("%s cannot be written: %s.".formatted(file, e), e);
    }
  }

  private Path deletedAtEnd(Path file) {
    resources.<AutoCloseable>open(() -> () -> Files.deleteIfExists(file));
    return file;
  }
}
