package org.messagebusbridge.sandbox.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The results as tables of text. */
final class BenchReport {
  private BenchReport() {}

  /** The rows of one load, below a head. */
  static List<String> table(List<Row> rows) {
    Workload load = rows.getFirst().load();
    List<String> lines = new ArrayList<>();
    lines.add(load.label());
    lines.add(load.saturates() ? SaturatedLine.HEAD : PacedLine.HEAD);
    Optional<Row> shovel = rows.stream().filter(row -> row.way() == Way.SHOVEL).findFirst();
    for (Row row : rows) {
      lines.add(load.saturates() ? SaturatedLine.of(row, shovel) : PacedLine.of(row));
    }
    return lines;
  }

  /** What the goals ask for and what became of them; empty when none could be told. */
  static List<String> goals(List<Goal.Outcome> outcomes) {
    return outcomes.stream().map(Goal.Outcome::line).toList();
  }

  static String number(OptionalDouble value, String format) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "-";
  }

  private static final class SaturatedLine {
    static final String HEAD =
        "           trips/s  of shovel  CPU us  broker us  load us   heap B  peak MiB     sent"
            + "   lost twice  disordered";

    static String of(Row row, Optional<Row> shovel) {
      OptionalDouble ofShovel =
          shovel.isPresent()
              ? OptionalDouble.of(row.trips() / shovel.get().trips())
              : OptionalDouble.empty();
      return String.format(
          Locale.ROOT,
          "%-10s %7.0f  %9s %7s  %9.1f  %7.1f %8s  %8s %8d %6d %5d  %10d",
          row.way().label(),
          row.trips(),
          number(ofShovel, "%.2f"),
          number(row.cpuMicros(), "%.1f"),
          row.brokerMicros(),
          row.loadMicros(),
          number(row.allocatedBytes(), "%.0f"),
          number(row.peakMib(), "%.1f"),
          row.sent(),
          row.lost(),
          row.duplicated(),
          row.outOfOrder());
    }
  }

  private static final class PacedLine {
    static final String HEAD =
        "            p50 ms    p99 ms  p99.9 ms  CPU us  broker us  load us  wake-ups     sent"
            + "   lost twice  disordered";

    static String of(Row row) {
      return String.format(
          Locale.ROOT,
          "%-10s %7.2f  %8.2f  %8.2f %7s  %9.1f  %7.1f  %8.1f %8d %6d %5d  %10d",
          row.way().label(),
          row.p50Millis(),
          row.p99Millis(),
          row.p999Millis(),
          number(row.cpuMicros(), "%.1f"),
          row.brokerMicros(),
          row.loadMicros(),
          row.sleeps(),
          row.sent(),
          row.lost(),
          row.duplicated(),
          row.outOfOrder());
    }
  }
}
