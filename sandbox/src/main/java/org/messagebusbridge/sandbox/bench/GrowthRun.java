package org.messagebusbridge.sandbox.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.RabbitCluster;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.Command;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;

/**
 * Puts fleets of bridges under load, one after the other. Used by one thread.
 *
 * @param broker a node, or a cluster, on which the queues are quorum queues
 * @param seconds that each fleet is measured in a round
 */
record GrowthRun(Launcher launcher, Resources resources, Broker broker, int seconds) {
  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final int SIZE = 200;
  private static final int IN_FLIGHT = 2_000;

  static final List<Growth.Fleet> FLEETS =
      List.of(
          new Growth.Fleet(1, 1),
          new Growth.Fleet(1, 2),
          new Growth.Fleet(1, 4),
          new Growth.Fleet(2, 1),
          new Growth.Fleet(4, 1),
          new Growth.Fleet(8, 1));

  /**
   * Measures.
   *
   * @param progress hears a line when a turn begins
   */
  Growth measure(int rounds, Consumer<String> progress) throws InterruptedException {
    Map<Growth.Fleet, List<Growth.Turn>> turns = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (Growth.Fleet fleet : FLEETS) {
        progress.accept("growth: round %d of %d, %s".formatted(round, rounds, fleet.label()));
        turns.computeIfAbsent(fleet, f -> new ArrayList<>()).add(measure(fleet));
      }
    }
    return new Growth(title(), turns);
  }

  private String title() {
    return broker.name()
        + (broker instanceof RabbitCluster
            ? " with quorum queues"
            : ", one node with classic queues");
  }

  private Growth.Turn measure(Growth.Fleet fleet) throws InterruptedException {
    try (Resources own = resources.open(Resources::new)) {
      Contenders contenders = new Contenders(launcher, own, broker, Optional.empty());
      List<Contender> open = new ArrayList<>();
      for (int queue = 1; queue <= fleet.queues(); queue++) {
        Contender first = contenders.open(Way.PONG, "growth." + queue);
        List<Command> instances = new ArrayList<>(first.processes());
        while (instances.size() < fleet.instances()) {
          instances.add(contenders.another(first));
        }
        open.add(new Contender(first.way(), first.to(), first.from(), instances));
      }
      return measure(open);
    }
  }

  private Growth.Turn measure(List<Contender> open) throws InterruptedException {
    Load.Spec spec =
        new Load.Spec(SIZE, IN_FLIGHT / open.size(), 0, WARM_UP, seconds, Duration.ofSeconds(15));
    List<CompletableFuture<One>> running = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (Contender contender : open) {
        running.add(CompletableFuture.supplyAsync(() -> run(contender, spec), threads));
      }
      long measured = 0;
      Duration ofBridges = Duration.ZERO;
      Duration ofBroker = Duration.ZERO;
      long lost = 0;
      for (CompletableFuture<One> each : running) {
        One one = each.get();
        measured += one.figures.measured();
        ofBridges = ofBridges.plus(one.cpu.bridge());
        ofBroker = ofBroker.plus(one.cpu.broker().dividedBy(open.size())); // each saw all of it
        lost += one.figures.lost();
      }
      return new Growth.Turn(
          (double) measured / seconds,
          CpuTime.micros(ofBridges, measured),
          CpuTime.micros(ofBroker, measured),
          lost);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SandboxException told
          ? told
          : new SandboxException("A load failed: " + e.getCause(), e);
    }
  }

  /** What one load showed, and the processor time meanwhile. */
  private record One(Figures figures, CpuTime cpu) {}

  private One run(Contender contender, Load.Spec spec) {
    CpuTime[] cpu = new CpuTime[2];
    try (Load load =
        Load.open(broker.connectionFactory(), spec, contender.to(), contender.from())) {
      Figures figures =
          load.run(
              () -> cpu[0] = CpuTime.now(contender, broker),
              () -> cpu[1] = CpuTime.now(contender, broker));
      contender.check();
      return new One(figures, cpu[1].since(cpu[0]));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("Stopped.", e);
    }
  }
}
