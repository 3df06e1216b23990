package org.messagebusbridge.sandbox.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.messagebusbridge.sandbox.Broker;
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
 * Starts the bridge and a bare program in turn and times each until its connections stand. Used by
 * one thread.
 */
final class StartupRun {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> OF_BRIDGE =
      List.of("MBB_AWS_MQ_", "MBB_WS_API_", "MBB_BRIDGE_", "MBB_JAVA_OPTS");

  private final Launcher launcher;
  private final Program bridge;
  private final Program bareTraining;
  private final Program bare;
  private final Path cache;

  /** A program that says on its standard output or error when it is ready. */
  private record Program(List<String> arguments, Map<String, String> environment, String ready) {}

  /**
   * Makes what they connect to.
   *
   * @param resources closes that
   */
  StartupRun(Launcher launcher, Broker broker, Resources resources) {
    this.launcher = launcher;
    BrokerUri uri = BrokerUri.of(broker);
    WebSocketService service = resources.open(() -> WebSocketService.builder().start());
    resources.open(() -> BridgeQueues.create(uri, "start.to_ws", "start.from_ws"));
    Settings settings =
        new Settings(uri, Optional.of(Service.of(service)), "start.to_ws", "start.from_ws");
    Path folder = resources.open(TemporaryFolder::create).path();
    Path ini = settings.write();
    resources.<AutoCloseable>open(() -> () -> Files.deleteIfExists(ini));
    bridge =
        new Program(
            List.of("bridge", "-v", "-c", ini.toString()), settings.environment(), "Relaying");
    cache = folder.resolve("bare.aot");
    Map<String, String> bareSettings =
        Map.of(
            "BARE_PORT", Integer.toString(uri.port()),
            "BARE_USER", uri.user(),
            "BARE_PASSWORD", uri.password(),
            "BARE_URL", service.url());
    bareTraining = bare(bareSettings, "-XX:AOTCacheOutput=" + cache);
    bare = bare(bareSettings, "-XX:AOTCache=" + cache);
  }

  private static Program bare(Map<String, String> settings, String cache) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("MBB_JAVA_OPTS", cache);
    return new Program(List.of("bench-bare"), environment, BareStart.READY);
  }

  /**
   * Measures.
   *
   * @param progress hears a line when a round begins
   * @throws SandboxException when one of them does not start
   */
  Startup measure(int rounds, Consumer<String> progress) throws InterruptedException {
    time(bareTraining);
    if (!Files.exists(cache)) {
      throw new SandboxException("The JVM left no cache of the bare program's classes.");
    }
    List<Double> ofBridge = new ArrayList<>();
    List<Double> ofBare = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      progress.accept("start: round %d of %d".formatted(round, rounds));
      ofBridge.add(time(bridge));
      ofBare.add(time(bare));
    }
    return new Startup(ofBridge, ofBare);
  }

  /** Milliseconds from its start until it says that it is ready; ends it then. */
  private double time(Program program) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(1);
    long begin = System.nanoTime();
    try (Command command =
        launcher.start(
            program.arguments,
            program.environment,
            OF_BRIDGE,
            line -> {
              if (line.contains(program.ready)) {
                ready.countDown();
              }
            })) {
      if (!ready.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SandboxException("It never said that it is ready: " + command.lastWords());
      }
      return (System.nanoTime() - begin) / 1e6;
    }
  }
}
