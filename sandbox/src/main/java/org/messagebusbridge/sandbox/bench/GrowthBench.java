package org.messagebusbridge.sandbox.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.RabbitCluster;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.Command;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How throughput and cost grow with instances and with queues. */
@CommandLine.Command(
    name = "growth",
    header = "Measures how throughput and its cost grow with instances and with queues.",
    description = {
      "",
      "1, 2 and 4 instances of the bridge on one queue; 1, 2, 4 and 8 queues with a bridge each; on"
          + " one node, or with --cluster on three nodes of RabbitMQ 4.0 with quorum queues. All of"
          + " it shares the cores of this machine, so past the first it is the cost that tells.",
      ""
    })
final class GrowthBench extends OnBroker {
  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final int SIZE = 200;
  private static final int IN_FLIGHT = 2_000;

  @Option(
      names = "--cluster",
      description = "Three nodes of RabbitMQ 4.0 and quorum queues, instead of one node.")
  private boolean cluster;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each is measured, in turn (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each is measured (${DEFAULT-VALUE}).")
  private int seconds = 5;

  /** So many queue pairs, with so many instances on each. */
  private record Fleet(int queues, int instances) {
    String label() {
      return queues == 1 && instances > 1
          ? instances + " instances, 1 queue"
          : queues + (queues == 1 ? " queue" : " queues") + ", a bridge each";
    }
  }

  private record Turn(double trips, double cpuMicros, long lost) {}

  @Override
  void check() {
    check("--rounds", rounds, 1, 100);
    check("--seconds", seconds, 1, 60);
  }

  @Override
  boolean measure(RabbitVersion version, Resources resources) throws InterruptedException {
    Launcher launcher = Launcher.fromEnvironment();
    Broker broker =
        resources.open(
            () -> cluster ? RabbitCluster.start(RabbitVersion.V4_0) : RabbitNode.start(version));
    say("%s; %d rounds of %d s in turn, medians".formatted(broker.name(), rounds, seconds));
    List<Fleet> fleets =
        List.of(
            new Fleet(1, 1),
            new Fleet(1, 2),
            new Fleet(1, 4),
            new Fleet(2, 1),
            new Fleet(4, 1),
            new Fleet(8, 1));
    Map<Fleet, List<Turn>> turns = new LinkedHashMap<>();
    Progress progress = progress();
    for (int round = 1; round <= rounds; round++) {
      for (Fleet fleet : fleets) {
        progress.show("round %d of %d, %s".formatted(round, rounds, fleet.label()));
        turns
            .computeIfAbsent(fleet, f -> new ArrayList<>())
            .add(measure(launcher, resources, broker, fleet));
      }
    }
    progress.clear();
    say("                          trips/s   CPU us     lost");
    turns.forEach(this::report);
    return turns.values().stream().flatMap(List::stream).allMatch(turn -> turn.lost == 0);
  }

  private void report(Fleet fleet, List<Turn> turns) {
    say(
        String.format(
            Locale.ROOT,
            "%-23s %9.0f %8.1f %8d",
            fleet.label(),
            median(turns.stream().map(Turn::trips).toList()),
            median(turns.stream().map(Turn::cpuMicros).toList()),
            turns.stream().mapToLong(Turn::lost).sum()));
  }

  private Turn measure(Launcher launcher, Resources resources, Broker broker, Fleet fleet)
      throws InterruptedException {
    try (Resources own = resources.open(Resources::new)) {
      Contenders contenders = new Contenders(launcher, own, broker, Optional.empty());
      List<Contender> open = new ArrayList<>();
      for (int queue = 1; queue <= fleet.queues; queue++) {
        Contender first = contenders.open(Way.PONG, "growth." + queue);
        List<Command> instances = new ArrayList<>(first.processes());
        while (instances.size() < fleet.instances) {
          instances.add(contenders.another(first));
        }
        open.add(new Contender(first.way(), first.to(), first.from(), instances));
      }
      return measure(broker, open);
    }
  }

  private Turn measure(Broker broker, List<Contender> open) throws InterruptedException {
    Load.Spec spec =
        new Load.Spec(SIZE, IN_FLIGHT / open.size(), 0, WARM_UP, seconds, Duration.ofSeconds(15));
    List<CompletableFuture<Sample>> running = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (Contender contender : open) {
        running.add(CompletableFuture.supplyAsync(() -> run(broker, contender, spec), threads));
      }
      double trips = 0;
      double cpu = 0;
      long lost = 0;
      for (CompletableFuture<Sample> one : running) {
        Sample sample = one.get();
        trips += sample.figures().overall();
        cpu += sample.use().map(Use::cpuMicros).orElse(0.0) * sample.figures().measured();
        lost += sample.figures().lost();
      }
      return new Turn(trips, cpu / Math.max(1, trips * seconds), lost);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SandboxException told
          ? told
          : new SandboxException("A load failed: " + e.getCause(), e);
    }
  }

  private static Sample run(Broker broker, Contender contender, Load.Spec spec) {
    Duration[] cpu = new Duration[2];
    try (Load load =
        Load.open(broker.connectionFactory(), spec, contender.to(), contender.from())) {
      Figures figures = load.run(() -> cpu[0] = contender.cpu(), () -> cpu[1] = contender.cpu());
      contender.check();
      return new Sample(
          figures,
          Optional.of(
              Use.of(
                  cpu[1].minus(cpu[0]),
                  figures.measured(),
                  OptionalDouble.empty(),
                  figures.received())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("Stopped.", e);
    }
  }

  private static double median(List<Double> values) {
    return Median.of(values.stream().mapToDouble(Double::doubleValue)).orElse(Double.NaN);
  }
}
