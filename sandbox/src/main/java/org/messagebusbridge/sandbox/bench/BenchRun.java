package org.messagebusbridge.sandbox.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.Resources;

/**
 * Measures all ways in turn, round after round, on the same broker. All are open at the same time;
 * those whose turn it is not have nothing to do. Used by one thread.
 */
final class BenchRun {

  /** Opens the ways, with what closes them again. */
  interface Opening {
    Contenders in(Resources resources);
  }

  private final Resources resources;
  private final Broker broker;
  private final Opening opening;
  private final Consumer<String> progress;

  /**
   * A run that has not begun.
   *
   * @param resources closes all that the run starts, if a signal comes
   * @param progress hears a line when a turn begins
   */
  BenchRun(Resources resources, Broker broker, Opening opening, Consumer<String> progress) {
    this.resources = resources;
    this.broker = broker;
    this.opening = opening;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param done hears the rows of each load when they are complete
   * @return all rows
   * @throws SandboxException when a part does not start or fails
   */
  List<Row> measure(Plan plan, Consumer<List<Row>> done) throws InterruptedException {
    List<Row> all = new ArrayList<>();
    for (int size : plan.sizes()) {
      try (Resources own = resources.open(Resources::new)) {
        List<Contender> contenders = open(plan.ways(), own);
        for (Workload load : plan.loads(size)) {
          List<Row> rows = measure(plan, load, contenders);
          all.addAll(rows);
          done.accept(rows);
        }
      }
    }
    return all;
  }

  private List<Contender> open(List<Way> ways, Resources own) throws InterruptedException {
    Contenders contenders = opening.in(own);
    List<Contender> open = new ArrayList<>();
    for (Way way : ways) {
      progress.accept("starting " + way.label());
      open.add(contenders.open(way, "bench." + way.label()));
    }
    return open;
  }

  private List<Row> measure(Plan plan, Workload load, List<Contender> contenders)
      throws InterruptedException {
    Map<Way, List<Sample>> samples = new EnumMap<>(Way.class);
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Contender contender : contenders) {
        progress.accept(
            "%s: round %d of %d, %s"
                .formatted(load.label(), round, plan.rounds(), contender.way().label()));
        Load.Spec spec = load.spec(plan.inFlight(), plan.warmUp(load, round), plan.seconds());
        samples
            .computeIfAbsent(contender.way(), way -> new ArrayList<>())
            .add(measure(contender, spec));
      }
    }
    return contenders.stream()
        .map(
            contender ->
                new Row(
                    load,
                    contender.way(),
                    samples.getOrDefault(contender.way(), List.of()),
                    contender.peakResidentKib()))
        .toList();
  }

  private Sample measure(Contender contender, Load.Spec spec) throws InterruptedException {
    CpuTime[] cpu = new CpuTime[2];
    OptionalDouble before = contender.allocatedBytes();
    Figures figures;
    try (Load load =
        Load.open(broker.connectionFactory(), spec, contender.to(), contender.from())) {
      figures =
          load.run(
              () -> cpu[0] = CpuTime.now(contender, broker),
              () -> cpu[1] = CpuTime.now(contender, broker));
    }
    contender.check();
    CpuTime used = cpu[1].since(cpu[0]);
    return new Sample(
        figures,
        contender.processes().isEmpty()
            ? Optional.empty()
            : Optional.of(use(contender, used, before, figures)),
        CpuTime.micros(used.broker(), figures.measured()),
        CpuTime.micros(used.load(), figures.measured()),
        (double) used.sleeps() / Math.max(1, figures.measured()));
  }

  private static Use use(Contender contender, CpuTime used, OptionalDouble before, Figures figures)
      throws InterruptedException {
    OptionalDouble after = contender.allocatedBytes();
    OptionalDouble allocated =
        before.isPresent() && after.isPresent()
            ? OptionalDouble.of(after.getAsDouble() - before.getAsDouble())
            : OptionalDouble.empty();
    return Use.of(used.bridge(), figures.measured(), allocated, figures.received());
  }
}
