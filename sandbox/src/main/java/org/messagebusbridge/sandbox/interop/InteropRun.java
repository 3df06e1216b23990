package org.messagebusbridge.sandbox.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.BrokerUri;
import org.messagebusbridge.sandbox.child.Resources;
import org.messagebusbridge.sandbox.child.Service;
import org.messagebusbridge.sandbox.child.Settings;
import org.messagebusbridge.sandbox.faults.BridgeUnderTest;

/**
 * Sends messages from a queue through one bridge to an echo service on a foreign server and back to
 * a queue: every size and kind, then while the service ends and comes back.
 */
public final class InteropRun {

  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final Duration TIME_TO_START = Duration.ofSeconds(60);
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(30);
  private static final int PER_SECOND = 100;
  private static final int SMALL = 200;
  private static final int AFTER_IDLENESS = 10;

  /** How many may come twice after one loss: the window of a bridge with defaults. */
  private static final int WINDOW = 500;

  private final Broker broker;
  private final BridgeUnderTest.Starter bridges;

  /**
   * What is done.
   *
   * @param loads sent as fast as they come back
   * @param ends how the service ends, each while 100 messages a second flow
   * @param flow how long they flow; the service ends after a third of it
   * @param idle how long nothing is sent, after all that; zero: there is no such pause
   */
  public record Plan(List<Load> loads, List<End> ends, Duration flow, Duration idle) {
    /** All of it. */
    public static Plan whole() {
      return new Plan(
          Load.sizes(200, 20),
          List.of(End.SIGTERM, End.SIGKILL),
          Duration.ofSeconds(6),
          Duration.ZERO);
    }

    /** A few seconds of it. */
    public static Plan brief(End end) {
      return new Plan(Load.sizes(50, 2), List.of(end), Duration.ofSeconds(2), Duration.ZERO);
    }

    /** The same, with a pause at its end. */
    public Plan idle(Duration pause) {
      return new Plan(loads, ends, flow, pause);
    }
  }

  /** How a service ends. */
  public enum End {
    SIGTERM("SIGTERM"),
    SIGKILL("kill -9");

    private final String label;

    End(String label) {
      this.label = label;
    }
  }

  /**
   * What stands between a queue and a queue.
   *
   * @param front a proxy before the service
   * @param compression whether the bridge asks for permessage-deflate
   */
  public record Path(Peer peer, Optional<Front> front, boolean compression) {
    /** For people. */
    public String label() {
      return peer.label()
          + front.map(some -> " through " + some.label()).orElse("")
          + (compression ? ", permessage-deflate" : "");
    }
  }

  /** On this broker, with bridges that are started so. */
  public InteropRun(Broker broker, BridgeUnderTest.Starter bridges) {
    this.broker = broker;
    this.bridges = bridges;
  }

  /** Does it. What goes wrong is among the result's failures. */
  public InteropResult run(Path path, Plan plan) throws InterruptedException {
    String name = "interop-" + ProcessHandle.current().pid() + "-" + RUNS.incrementAndGet();
    List<InteropResult.Part> parts = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    try (Resources resources = new Resources()) {
      Exchange exchange =
          resources.open(() -> Exchange.open(broker, name + ".to_ws", name + ".from_ws"));
      EchoService service =
          resources.open(() -> EchoService.start(path.peer(), Map.of(), head -> {}));
      Optional<Program> front =
          path.front().map(some -> resources.open(() -> start(some, service.port())));
      BridgeUnderTest bridge =
          resources.open(
              () -> bridges.start(settings(name, path, service, front), keys(path, front)));
      bridge.awaitRelaying(TIME_TO_START);
      for (Load load : plan.loads()) {
        if (load.size() > 0 || path.peer().echoesNothing()) {
          exchange.send(load);
        }
      }
      parts.add(part("all sizes", exchange.settled(), 0, false));
      for (End end : plan.ends()) {
        flow(plan, exchange, () -> end(service, end));
        boolean forgets = end == End.SIGTERM && path.peer().forgetsOnSigterm();
        parts.add(part(end.label, exchange.settled(), WINDOW, forgets));
      }
      if (plan.idle().isPositive()) {
        int opened = service.opened();
        TimeUnit.NANOSECONDS.sleep(plan.idle().toNanos());
        exchange.send(new Load(SMALL, false, AFTER_IDLENESS));
        parts.add(
            part(
                "after %d s idle".formatted(plan.idle().toSeconds()),
                exchange.settled(),
                0,
                false));
        if (service.opened() != opened) {
          failures.add("the connection did not outlive an idle time");
        }
      }
      bridge.terminate();
      OptionalInt code = bridge.awaitExit(TIME_TO_STOP);
      if (!code.equals(OptionalInt.of(0))) {
        failures.add("the bridge ended with " + code + ": " + bridge.lastWords());
      }
    } catch (SandboxException e) {
      failures.add(String.valueOf(e.getMessage()));
    }
    return new InteropResult(path, parts, failures);
  }

  private static InteropResult.Part part(
      String load, Account.Sum sum, int mayComeTwice, boolean mayLose) {
    return new InteropResult.Part(
        load,
        sum.sent(),
        sum.came(),
        sum.twice(),
        sum.outOfOrder(),
        sum.changed(),
        mayComeTwice,
        mayLose);
  }

  private static Program start(Front front, int target) throws InterruptedException {
    return Program.start(List.of(front.program(), Integer.toString(target)), Map.of(), line -> {});
  }

  private Settings settings(String name, Path path, EchoService service, Optional<Program> front) {
    int port =
        path.front().equals(Optional.of(Front.SQUID))
            ? service.port()
            : front.map(Program::port).orElse(service.port());
    return new Settings(
        BrokerUri.of(broker),
        Optional.of(new Service("ws://127.0.0.1:" + port, "/echo", Optional.empty())),
        name + ".to_ws",
        name + ".from_ws");
  }

  private static Map<String, String> keys(Path path, Optional<Program> front) {
    Map<String, String> keys = new HashMap<>();
    keys.put("MBB_WS_API_WS_COMPRESSION", path.compression() ? "permessage-deflate" : "off");
    keys.put("MBB_WS_API_WS_MAX_CONNECT_ATTEMPTS", "1000");
    if (path.front().equals(Optional.of(Front.SQUID))) {
      front.ifPresent(squid -> keys.put("MBB_WS_API_WS_PROXY", "http://127.0.0.1:" + squid.port()));
    }
    return keys;
  }

  private interface Happening {
    void happen() throws InterruptedException;
  }

  /** Sends at a steady rate, and has something happen after a third of the time. */
  private static void flow(Plan plan, Exchange exchange, Happening happening)
      throws InterruptedException {
    int count = (int) (plan.flow().toMillis() * PER_SECOND / 1000);
    Load load = new Load(SMALL, false, count);
    Thread happens =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    TimeUnit.NANOSECONDS.sleep(plan.flow().toNanos() / 3);
                    happening.happen();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    for (int i = 0; i < count; i++) {
      exchange.sendOne(load);
      TimeUnit.MILLISECONDS.sleep(1000 / PER_SECOND);
    }
    happens.join();
  }

  private static void end(EchoService service, End end) throws InterruptedException {
    switch (end) {
      case SIGTERM -> service.terminate();
      case SIGKILL -> service.kill();
    }
    service.comeBack(Map.of());
  }
}
