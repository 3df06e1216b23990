package org.messagebusbridge.sandbox.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.bench.Row.BridgeUse;
import org.messagebusbridge.sandbox.bench.Row.Way;
import org.messagebusbridge.sandbox.child.BridgeQueues;
import org.messagebusbridge.sandbox.child.BrokerUri;
import org.messagebusbridge.sandbox.child.Command;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import org.messagebusbridge.sandbox.child.Service;
import org.messagebusbridge.sandbox.child.Settings;

/**
 * Measures one way after the other on the same broker: the load and the echo service in this
 * process, the bridge in one of its own, as it is shipped. Used by one thread.
 */
final class BenchRun {

  private static final Duration TIME_TO_CONNECT = Duration.ofSeconds(30);
  private static final List<String> OF_BRIDGE =
      List.of("MBB_AWS_MQ_", "MBB_WS_API_", "MBB_BRIDGE_");

  private final Launcher launcher;
  private final Resources resources;
  private final Broker broker;

  /**
   * A run that has not begun.
   *
   * @param resources closes all that the run starts, if a signal comes
   */
  BenchRun(Launcher launcher, Resources resources, Broker broker) {
    this.launcher = launcher;
    this.resources = resources;
    this.broker = broker;
  }

  /**
   * Measures a way.
   *
   * @throws SandboxException when a part does not start or fails
   */
  Row measure(Way way, Load.Spec spec) throws InterruptedException {
    String queue = "bench." + way.label();
    String toWs = way == Way.DIRECT ? queue : queue + ".to_ws";
    String fromWs = way == Way.DIRECT ? queue : queue + ".from_ws";
    BrokerUri uri = BrokerUri.of(broker);
    try (Resources own = resources.open(Resources::new)) {
      BridgeQueues queues = own.open(() -> BridgeQueues.create(uri, toWs, fromWs));
      Optional<Service> service = way == Way.WEBSOCKET ? Optional.of(echo(own)) : Optional.empty();
      Settings settings = new Settings(uri, service, toWs, fromWs);
      Optional<Command> bridge =
          way == Way.DIRECT ? Optional.empty() : Optional.of(startBridge(own, settings, queues));
      Load load = own.open(() -> Load.open(broker.connectionFactory(), spec, toWs, fromWs));
      return measure(way, load, bridge);
    }
  }

  private static Row measure(Way way, Load load, Optional<Command> bridge)
      throws InterruptedException {
    if (bridge.isEmpty()) {
      return new Row(way, load.run(() -> {}, () -> {}), Optional.empty());
    }
    ProcessUse use = new ProcessUse(bridge.get().pid());
    Duration[] cpu = new Duration[2];
    Figures figures = load.run(() -> cpu[0] = use.cpu(), () -> cpu[1] = use.cpu());
    if (!bridge.get().isRunning()) {
      throw new SandboxException("The bridge ended before its time: " + bridge.get().lastWords());
    }
    double micros = cpu[1].minus(cpu[0]).toNanos() / 1e3 / Math.max(1, figures.measured());
    return new Row(way, figures, Optional.of(new BridgeUse(micros, use.peakResidentKib())));
  }

  private static Service echo(Resources own) {
    return Service.of(own.open(() -> WebSocketService.builder().start()));
  }

  private Command startBridge(Resources own, Settings settings, BridgeQueues queues)
      throws InterruptedException {
    Path ini = settings.write();
    own.<AutoCloseable>open(() -> () -> Files.deleteIfExists(ini));
    List<String> arguments =
        settings.service().isEmpty()
            ? List.of("bridge", "-X", "-c", ini.toString())
            : List.of("bridge", "-c", ini.toString());
    Command bridge =
        own.open(() -> launcher.start(arguments, settings.environment(), OF_BRIDGE, line -> {}));
    if (!queues.awaitConsumer(TIME_TO_CONNECT, () -> !bridge.isRunning())) {
      throw new SandboxException("The bridge did not start: " + bridge.lastWords());
    }
    return bridge;
  }
}
