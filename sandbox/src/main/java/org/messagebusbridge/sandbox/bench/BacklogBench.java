package org.messagebusbridge.sandbox.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether the bridge is as fast with a long queue before it as with a short one. */
@Command(
    name = "backlog",
    header = "Measures the bridge with few and with many messages waiting in its queue.",
    description = {
      "",
      "For each number a bridge is started on a queue that holds so many, and as many as come back"
          + " are sent again, so that they stay. The goal is the same rate within 10 %.",
      ""
    })
final class BacklogBench extends OnBroker {
  private static final Duration WARM_UP = Duration.ofSeconds(6);
  private static final int SIZE = 200;
  private static final double GOAL = 0.9;
  // Beside what waits: the bridge's prefetch, and what is on its way back.
  private static final int UNDER_WAY = 1_000;

  @Option(
      names = "--waiting",
      paramLabel = "N",
      split = ",",
      description = "How many messages wait (10,100,1000000).")
  private List<Integer> waiting = List.of(10, 100, 1_000_000);

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each is measured, in turn (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each is measured (${DEFAULT-VALUE}).")
  private int seconds = 8;

  @Override
  void check() {
    check("--rounds", rounds, 1, 100);
    check("--seconds", seconds, 1, 60);
    waiting.forEach(number -> check("--waiting", number, 1, 5_000_000));
  }

  @Override
  boolean measure(RabbitVersion version, Resources resources) throws InterruptedException {
    Launcher launcher = Launcher.fromEnvironment();
    RabbitNode node = resources.open(() -> RabbitNode.start(version));
    say("%s; %d rounds of %d s in turn, medians".formatted(node.name(), rounds, seconds));
    Map<Integer, List<Double>> rates = new LinkedHashMap<>();
    Progress progress = progress();
    for (int round = 1; round <= rounds; round++) {
      for (int number : waiting) {
        progress.show("round %d of %d, %d waiting".formatted(round, rounds, number));
        rates
            .computeIfAbsent(number, n -> new ArrayList<>())
            .add(measure(launcher, resources, node, number));
      }
    }
    progress.clear();
    say("   waiting   trips/s   of the first");
    double first = median(rates.getOrDefault(waiting.getFirst(), List.of()));
    for (Map.Entry<Integer, List<Double>> entry : rates.entrySet()) {
      double rate = median(entry.getValue());
      say(
          String.format(
              Locale.ROOT,
              "%10d %9.0f   %.2f   goal >= %.2f   %s",
              entry.getKey(),
              rate,
              rate / first,
              GOAL,
              rate / first >= GOAL ? "met" : "short"));
    }
    return true;
  }

  private double measure(Launcher launcher, Resources resources, RabbitNode node, int number)
      throws InterruptedException {
    try (Resources own = resources.open(Resources::new)) {
      Contenders contenders = new Contenders(launcher, own, node, Optional.empty());
      String name = "backlog." + number;
      Load.Spec spec =
          new Load.Spec(SIZE, number + UNDER_WAY, 0, WARM_UP, seconds, Duration.ofSeconds(15));
      node.declareQueue(name + ".to_ws");
      node.declareQueue(name + ".from_ws");
      Load load =
          own.open(
              () -> Load.open(node.connectionFactory(), spec, name + ".to_ws", name + ".from_ws"));
      Contender bridge = contenders.open(Way.PONG, name, () -> load.fill(number));
      double rate = load.sample();
      bridge.check();
      return rate;
    }
  }

  private static double median(List<Double> values) {
    return Median.of(values.stream().mapToDouble(Double::doubleValue)).orElse(Double.NaN);
  }
}
