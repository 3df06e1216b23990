package org.messagebusbridge.sandbox.demo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.messagebusbridge.sandbox.EmbeddedBroker;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.child.BridgeQueues;
import org.messagebusbridge.sandbox.child.BrokerUri;
import org.messagebusbridge.sandbox.child.Command;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import org.messagebusbridge.sandbox.child.Service;
import org.messagebusbridge.sandbox.child.Settings;

/** One run of the demo: starts the parts in their order and watches the messages. Used once. */
final class DemoRun {

  private static final Duration TIME_TO_CONNECT = Duration.ofSeconds(60);
  private static final int END_DELAY_SECONDS = 10;

  /** A mistake shows after seconds, where a bridge in service would be patient. */
  private static final List<String> FEW_ATTEMPTS =
      List.of("MBB_WS_API_WS_MAX_CONNECT_ATTEMPTS", "MBB_AWS_MQ_MQ_MAX_CONNECT_ATTEMPTS");

  private final Launcher launcher;
  private final Resources resources;
  private final DemoView view;
  private final List<String> notInherited = new ArrayList<>();

  /**
   * A run that has not begun.
   *
   * @param resources closes all that the run starts
   */
  DemoRun(Launcher launcher, Resources resources, DemoView view) {
    this.launcher = launcher;
    this.resources = resources;
    this.view = view;
  }

  /**
   * Runs.
   *
   * @param broker empty: the embedded one
   * @param service empty: the sandbox's echo
   * @param rate messages a second
   * @return whether every message came back
   * @throws SandboxException when a part does not start
   */
  boolean run(Optional<BrokerUri> broker, Optional<Service> service, int messages, double rate)
      throws InterruptedException {
    view.title();
    BrokerUri brokerUri = broker.map(this::ownBroker).orElseGet(this::embeddedBroker);
    Service webSocket = service.map(this::ownService).orElseGet(this::echoService);
    String prefix = broker.isEmpty() ? "" : "mbb-demo-" + randomHex(4) + ".";
    Settings settings =
        new Settings(brokerUri, Optional.of(webSocket), prefix + "to_ws", prefix + "from_ws");
    BridgeQueues queues =
        resources.open(
            () -> BridgeQueues.create(brokerUri, settings.queueToWs(), settings.queueFromWs()));
    Path ini = settings.write();
    resources.<AutoCloseable>open(() -> () -> Files.deleteIfExists(ini));

    Command bridge = startBridge(ini, settings, queues);
    boolean complete = watchTester(ini, settings, messages, rate, bridge);
    if (!bridge.isRunning() && !resources.isClosed()) {
      throw new SandboxException("The bridge ended before its time: " + bridge.lastWords());
    }
    if ((broker.isEmpty() || service.isEmpty()) && !resources.isClosed()) {
      view.text(NextSteps.text());
    }
    return complete;
  }

  private BrokerUri embeddedBroker() {
    notInherited.add("MBB_AWS_MQ_");
    EmbeddedBroker broker = resources.open(EmbeddedBroker::start);
    BrokerUri uri = BrokerUri.of(broker);
    view.part("broker", uri.address(), broker.name() + ", in memory");
    return uri;
  }

  private BrokerUri ownBroker(BrokerUri uri) {
    view.part("broker", uri.address(), "yours");
    return uri;
  }

  private Service echoService() {
    notInherited.add("MBB_WS_API_");
    Service.Client client = new Service.Client(randomHex(16), randomHex(32));
    WebSocketService service =
        resources.open(() -> WebSocketService.builder().jwt(client.id(), client.secret()).start());
    view.part("service", service.url(), "echo, which checks the bridge's JWT");
    return Service.of(service, client);
  }

  private Service ownService(Service service) {
    view.part("service", service.address(), "yours");
    return service;
  }

  private Command startBridge(Path ini, Settings settings, BridgeQueues queues)
      throws InterruptedException {
    long start = System.nanoTime();
    Command bridge = start(List.of("bridge", "-c", ini.toString()), settings, line -> {});
    if (!queues.awaitConsumer(TIME_TO_CONNECT, () -> !bridge.isRunning())) {
      if (!bridge.isRunning()) {
        bridge.await();
        throw new SandboxException("The bridge did not start: " + bridge.lastWords());
      }
      throw new SandboxException(
          "The bridge did not connect within %d s: ".formatted(TIME_TO_CONNECT.toSeconds())
              + bridge.lastWords());
    }
    view.part(
        "bridge",
        "./mbb bridge -c " + ini,
        String.format(Locale.ROOT, "connected after %.1f s", (System.nanoTime() - start) / 1e9));
    return bridge;
  }

  private boolean watchTester(
      Path ini, Settings settings, int messages, double rate, Command bridge)
      throws InterruptedException {
    String number = Integer.toString(messages);
    String delay =
        BigDecimal.valueOf(1 / rate)
            .setScale(6, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString();
    String end = Integer.toString(END_DELAY_SECONDS);
    List<String> arguments =
        List.of("tester", "-c", ini.toString(), "-n", number, "-d", delay, "-e", end);
    view.part("tester", "./mbb tester -n %s -d %s".formatted(number, delay), "with the same file");
    view.begin(messages, rate);
    Progress progress = new Progress(view);
    Command tester = start(arguments, settings, progress);
    var _ = bridge.exit().thenRun(tester::close);
    int code = tester.await();
    if (progress.totals().isEmpty() && bridge.isRunning() && !resources.isClosed()) {
      throw new SandboxException(
          "The tester ended with exit code %d: ".formatted(code) + tester.lastWords());
    }
    progress.totals().ifPresent(totals -> view.summary(totals, progress.perSecond()));
    return code == 0;
  }

  private Command start(List<String> arguments, Settings settings, Consumer<String> output) {
    return resources.open(
        () -> {
          Map<String, String> environment = new HashMap<>(settings.environment());
          FEW_ATTEMPTS.forEach(key -> environment.put(key, System.getenv().getOrDefault(key, "3")));
          return launcher.start(arguments, environment, notInherited, output);
        });
  }

  private static String randomHex(int bytes) {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
