package org.messagebusbridge.sandbox.bench;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * All that a run has measured.
 *
 * @param time when it began
 * @param broker product and version
 * @param cores of this machine, which everything runs on
 * @param seconds that each turn was measured
 * @param extras what was measured beside the ways
 */
record Results(
    Instant time,
    String broker,
    int cores,
    int inFlight,
    int rounds,
    int seconds,
    List<Row> rows,
    Extras extras) {

  /** What the other benchmarks have measured, as far as they were run. */
  record Extras(Optional<Startup> startup, Optional<Backlog> backlog, List<Growth> growth) {
    static final Extras NONE = new Extras(Optional.empty(), Optional.empty(), List.of());

    Extras {
      growth = List.copyOf(growth);
    }
  }

  Results {
    rows = List.copyOf(rows);
  }

  /** Empty when it was not measured. */
  Optional<Row> row(Workload load, Way way) {
    return rows.stream().filter(row -> row.load().equals(load) && row.way() == way).findFirst();
  }

  /** The rows of one load, in the order of the ways. */
  List<Row> of(Workload load) {
    return rows.stream().filter(row -> row.load().equals(load)).toList();
  }

  /** The loads, in the order in which they were measured. */
  List<Workload> loads() {
    return rows.stream().map(Row::load).distinct().toList();
  }

  /**
   * The median of the ratios of each round, so that a machine that is slower from one round to the
   * next moves it little; empty when one of the two was not measured.
   */
  OptionalDouble ratio(Workload load, Way way, Way over, ToDoubleFunction<Sample> value) {
    Optional<Row> above = row(load, way);
    Optional<Row> below = row(load, over);
    if (above.isEmpty() || below.isEmpty()) {
      return OptionalDouble.empty();
    }
    List<Sample> numerators = above.get().samples();
    List<Sample> denominators = below.get().samples();
    return Median.of(
        IntStream.range(0, Math.min(numerators.size(), denominators.size()))
            .mapToDouble(
                round ->
                    value.applyAsDouble(numerators.get(round))
                        / value.applyAsDouble(denominators.get(round)))
            .filter(Double::isFinite));
  }

  /** Whether every message of every way of ours came back once and in order. */
  boolean isClean() {
    return rows.stream()
            .filter(row -> row.way() != Way.BENTHOS)
            .flatMap(row -> row.samples().stream())
            .allMatch(sample -> sample.figures().isClean())
        && extras.growth().stream().allMatch(Growth::isClean);
  }

  /** What became of the goals that this run can tell of. */
  List<Goal.Outcome> outcomes() {
    return Goal.ALL.stream().flatMap(goal -> goal.outcome(this).stream()).toList();
  }
}
