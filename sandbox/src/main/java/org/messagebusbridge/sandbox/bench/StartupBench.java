package org.messagebusbridge.sandbox.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.child.BridgeQueues;
import org.messagebusbridge.sandbox.child.BrokerUri;
import org.messagebusbridge.sandbox.child.Command;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import org.messagebusbridge.sandbox.child.Service;
import org.messagebusbridge.sandbox.child.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How long the bridge takes from its start until it relays. */
@CommandLine.Command(
    name = "startup",
    header = "Measures how long the bridge takes from its start until it relays.",
    description = {
      "",
      "Beside it, in turn, a bare program that opens the same three connections with the same"
          + " libraries, JVM options and kind of class cache. The goal is a ratio of 1.3 at most.",
      ""
    })
final class StartupBench extends OnBroker {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double GOAL = 1.3;
  private static final List<String> OF_BRIDGE =
      List.of("MBB_AWS_MQ_", "MBB_WS_API_", "MBB_BRIDGE_", "MBB_JAVA_OPTS");

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each is started (${DEFAULT-VALUE}).")
  private int rounds = 15;

  /** A program that says on its standard output or error when it is ready. */
  private record Program(List<String> arguments, Map<String, String> environment, String ready) {}

  @Override
  void check() {
    check("--rounds", rounds, 1, 1_000);
  }

  @Override
  boolean measure(RabbitVersion version, Resources resources) throws InterruptedException {
    Launcher launcher = Launcher.fromEnvironment();
    RabbitNode node = resources.open(() -> RabbitNode.start(version));
    BrokerUri uri = BrokerUri.of(node);
    WebSocketService service = resources.open(() -> WebSocketService.builder().start());
    resources.open(() -> BridgeQueues.create(uri, "start.to_ws", "start.from_ws"));
    Settings settings =
        new Settings(uri, Optional.of(Service.of(service)), "start.to_ws", "start.from_ws");
    Path folder = resources.open(TemporaryFolder::create).path();
    Path ini = settings.write();
    resources.<AutoCloseable>open(() -> () -> Files.deleteIfExists(ini));
    Program bridge =
        new Program(
            List.of("bridge", "-v", "-c", ini.toString()), settings.environment(), "Relaying");
    Path cache = folder.resolve("bare.aot");
    Map<String, String> bareSettings =
        Map.of(
            "BARE_PORT", Integer.toString(uri.port()),
            "BARE_USER", uri.user(),
            "BARE_PASSWORD", uri.password(),
            "BARE_URL", service.url());
    Program training = bare(bareSettings, "-XX:AOTCacheOutput=" + cache);
    Program bare = bare(bareSettings, "-XX:AOTCache=" + cache);
    time(launcher, training);
    if (!Files.exists(cache)) {
      throw new SandboxException("The JVM left no cache of the bare program's classes.");
    }
    List<Double> ofBridge = new ArrayList<>();
    List<Double> ofBare = new ArrayList<>();
    Progress progress = progress();
    for (int round = 1; round <= rounds; round++) {
      progress.show("round %d of %d".formatted(round, rounds));
      ofBridge.add(time(launcher, bridge));
      ofBare.add(time(launcher, bare));
    }
    progress.clear();
    report("bridge", ofBridge);
    report("bare", ofBare);
    double ratio = median(ofBridge) / median(ofBare);
    say(
        String.format(
            Locale.ROOT,
            "bridge over bare %.2f   goal <= %.2f   %s",
            ratio,
            GOAL,
            ratio <= GOAL ? "met" : "short"));
    return true;
  }

  private static Program bare(Map<String, String> settings, String cache) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("MBB_JAVA_OPTS", cache);
    return new Program(List.of("bench-bare"), environment, BareStart.READY);
  }

  private void report(String name, List<Double> millis) {
    List<Double> sorted = millis.stream().sorted().toList();
    say(
        String.format(
            Locale.ROOT,
            "%-6s  median %5.0f ms, from %5.0f to %5.0f ms in %d starts",
            name,
            median(millis),
            sorted.getFirst(),
            sorted.getLast(),
            sorted.size()));
  }

  private static double median(List<Double> values) {
    return Median.of(values.stream().mapToDouble(Double::doubleValue)).orElseThrow();
  }

  /** Milliseconds from its start until it says that it is ready; ends it then. */
  private static double time(Launcher launcher, Program program) throws InterruptedException {
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
