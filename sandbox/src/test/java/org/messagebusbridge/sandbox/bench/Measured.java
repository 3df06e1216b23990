package org.messagebusbridge.sandbox.bench;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Results made by hand. */
final class Measured {
  static final Workload SATURATED = new Workload(200, 0);
  static final Workload SLOW = new Workload(200, 500);

  private Measured() {}

  /**
   * One round for each rate; each message took 20 microseconds of the processor in the bridge, 12.5
   * in the load, and in the broker 30 and one more for each round that was before, and as many
   * wake-ups as are 8 and a quarter and that number.
   */
  static Row row(Workload load, Way way, int... roundTripsPerSecond) {
    return new Row(
        load,
        way,
        IntStream.range(0, roundTripsPerSecond.length)
            .mapToObj(
                round ->
                    new Sample(
                        figures(roundTripsPerSecond[round]),
                        way == Way.DIRECT || way == Way.SHOVEL
                            ? Optional.empty()
                            : Optional.of(new Use(20, OptionalDouble.of(1_500))),
                        30 + round,
                        12.5,
                        8.25 + round))
            .toList(),
        way == Way.DIRECT || way == Way.SHOVEL ? OptionalLong.empty() : OptionalLong.of(81_920));
  }

  private static Figures figures(int rate) {
    return new Figures(rate, rate, 0, 0, List.of(rate), 1.25, 2.5, 3, 3.75);
  }

  static Row withLoss(Way way) {
    Figures figures = new Figures(12, 11, 2, 1, List.of(4, 6), 1.25, 2.5, 3, 3.75);
    return new Row(
        SATURATED,
        way,
        List.of(new Sample(figures, Optional.empty(), 45, 15, 3)),
        OptionalLong.empty());
  }

  static Results results(Row... rows) {
    return results(Results.Extras.NONE, rows);
  }

  static Results results(Results.Extras extras, Row... rows) {
    return new Results(Instant.EPOCH, "RabbitMQ 3.10.8", 2, 2_000, 3, 4, List.of(rows), extras);
  }
}
