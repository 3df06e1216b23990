package org.messagebusbridge.sandbox.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What one figure should be, whatever the machine: a ratio of two ways in the same rounds, or an
 * amount of memory.
 *
 * @param atLeast whether more is better
 */
record Goal(String name, boolean atLeast, double limit, Function<Results, OptionalDouble> figure) {
  private static final Workload SMALL = new Workload(200, 0);
  private static final Workload LARGE = new Workload(1024 * 1024, 0);
  private static final Workload SLOW = new Workload(200, 500);

  /** All that one run can show. */
  static final List<Goal> ALL =
      List.of(
          trips("loopback over shovel, round trips", 1.1, Way.LOOPBACK, Way.SHOVEL),
          trips("pong over shovel, round trips", 1.0, Way.PONG, Way.SHOVEL),
          trips("pong over flush, round trips", 0.95, Way.PONG, Way.FLUSH),
          trips("pong over benthos, round trips", 2.5, Way.PONG, Way.BENTHOS),
          cpu("loopback over floor, CPU", 1.1, Way.LOOPBACK, Way.FLOOR),
          cpu("pong over loopback, CPU", 1.35, Way.PONG, Way.LOOPBACK),
          latency("pong over shovel, p50 at 500 a second", 1.0, Figures::p50Millis),
          latency("pong over shovel, p99 at 500 a second", 1.3, Figures::p99Millis),
          memory("peak memory, MiB", 110, SMALL),
          memory("peak memory with 1 MiB messages, MiB", 160, LARGE),
          start(),
          backlog());

  /** What became of it. */
  record Outcome(Goal goal, double value) {
    boolean isMet() {
      return goal.atLeast ? value >= goal.limit : value <= goal.limit;
    }

    String verdict() {
      return isMet() ? "met" : "short";
    }

    /** As a line of text. */
    String line() {
      return String.format(
          Locale.ROOT,
          "%-42s %8.2f   goal %s %6.2f   %s",
          goal.name,
          value,
          goal.atLeast ? ">=" : "<=",
          goal.limit,
          verdict());
    }
  }

  /** Empty when the run had not what it takes. */
  Optional<Outcome> outcome(Results results) {
    OptionalDouble value = figure.apply(results);
    return value.isPresent()
        ? Optional.of(new Outcome(this, value.getAsDouble()))
        : Optional.empty();
  }

  /** What became of the goal for the start. */
  static Outcome start(Startup startup) {
    return new Outcome(start(), startup.ratio());
  }

  private static Goal start() {
    return new Goal(
        "start over a bare program's",
        false,
        1.3,
        results -> results.extras().startup().stream().mapToDouble(Startup::ratio).findFirst());
  }

  /** What became of the goal for a long queue. */
  static Outcome backlog(Backlog backlog) {
    return new Outcome(backlog(), backlog.evenness());
  }

  private static Goal backlog() {
    return new Goal(
        "10, 100, 1,000,000 waiting, least over most",
        true,
        0.9,
        results -> results.extras().backlog().stream().mapToDouble(Backlog::evenness).findFirst());
  }

  private static Goal trips(String name, double limit, Way way, Way over) {
    return new Goal(
        name,
        true,
        limit,
        results -> results.ratio(SMALL, way, over, sample -> sample.figures().overall()));
  }

  private static Goal cpu(String name, double limit, Way way, Way over) {
    return new Goal(
        name,
        false,
        limit,
        results ->
            results.ratio(
                SMALL, way, over, sample -> sample.use().map(Use::cpuMicros).orElse(Double.NaN)));
  }

  private static Goal latency(String name, double limit, ToDoubleFunction<Figures> percentile) {
    return new Goal(
        name,
        false,
        limit,
        results ->
            results.ratio(
                SLOW, Way.PONG, Way.SHOVEL, sample -> percentile.applyAsDouble(sample.figures())));
  }

  private static Goal memory(String name, double mib, Workload load) {
    return new Goal(
        name,
        false,
        mib,
        results -> {
          Optional<Row> row = results.row(load, Way.PONG);
          return row.isPresent() ? row.get().peakMib() : OptionalDouble.empty();
        });
  }
}
