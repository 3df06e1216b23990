package org.messagebusbridge.sandbox.bench;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The results as tables of Markdown, for a page that keeps them. */
final class BenchMarkdown {
  private BenchMarkdown() {}

  /**
   * All tables.
   *
   * @param machine what it was measured on, and with which versions
   */
  static String of(Results results, String machine) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%tF, %s; %s.\nRounds in turn: %d of %d s; medians, and ratios of the same rounds.",
            results.time().atOffset(ZoneOffset.UTC),
            results.broker(),
            machine,
            results.rounds(),
            results.seconds()));
    goals(lines, results);
    for (Workload load : results.loads()) {
      lines.add("");
      lines.add("**" + load.label() + "**");
      lines.add("");
      if (load.saturates()) {
        saturated(lines, results.of(load));
      } else {
        paced(lines, results.of(load));
      }
    }
    results.extras().startup().ifPresent(startup -> startup(lines, startup));
    results.extras().backlog().ifPresent(backlog -> backlog(lines, backlog));
    results.extras().growth().forEach(growth -> growth(lines, growth));
    return String.join("\n", lines) + "\n";
  }

  private static void goals(List<String> lines, Results results) {
    lines.add("");
    lines.add("| figure | here | goal | |");
    lines.add("|---|---|---|---|");
    for (Goal.Outcome outcome : results.outcomes()) {
      Goal goal = outcome.goal();
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %s %s | %s |",
              goal.name(),
              outcome.value(),
              goal.atLeast() ? "at least" : "at most",
              goal.limit(),
              outcome.isMet() ? "met" : "**short**"));
    }
  }

  private static void saturated(List<String> lines, List<Row> rows) {
    lines.add(
        "| way | round trips/s | CPU µs | broker µs | load µs | heap B | peak MiB | sent | lost"
            + " | twice | disordered |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|---|");
    for (Row row : rows) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %,.0f | %s | %.1f | %.1f | %s | %s | %s",
              row.way().label(),
              row.trips(),
              number(row.cpuMicros(), "%.1f"),
              row.brokerMicros(),
              row.loadMicros(),
              number(row.allocatedBytes(), "%,.0f"),
              number(row.peakMib(), "%.1f"),
              account(row)));
    }
  }

  private static void paced(List<String> lines, List<Row> rows) {
    lines.add(
        "| way | p50 ms | p99 ms | p99.9 ms | CPU µs | broker µs | load µs | wake-ups | sent | lost"
            + " | twice | disordered |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (Row row : rows) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f | %.2f | %s | %.1f | %.1f | %.1f | %s",
              row.way().label(),
              row.p50Millis(),
              row.p99Millis(),
              row.p999Millis(),
              number(row.cpuMicros(), "%.1f"),
              row.brokerMicros(),
              row.loadMicros(),
              row.sleeps(),
              account(row)));
    }
  }

  private static String account(Row row) {
    return String.format(
        Locale.ROOT,
        "%,d | %,d | %,d | %,d |",
        row.sent(),
        row.lost(),
        row.duplicated(),
        row.outOfOrder());
  }

  private static void startup(List<String> lines, Startup startup) {
    lines.add("");
    lines.add("**From exec to ready**, the median of " + startup.bridge().size() + " starts");
    lines.add("");
    lines.add("| program | ms |");
    lines.add("|---|---|");
    lines.add(String.format(Locale.ROOT, "| bridge | %.0f |", Median.of(startup.bridge())));
    lines.add(
        String.format(
            Locale.ROOT,
            "| bare: the same three connections and nothing else | %.0f |",
            Median.of(startup.bare())));
  }

  private static void backlog(List<String> lines, Backlog backlog) {
    lines.add("");
    lines.add("**Messages waiting in the queue**, `pong`");
    lines.add("");
    lines.add("| waiting | round trips/s |");
    lines.add("|---|---|");
    for (int waiting : backlog.rates().keySet()) {
      lines.add(String.format(Locale.ROOT, "| %,d | %,.0f |", waiting, backlog.rate(waiting)));
    }
  }

  private static void growth(List<String> lines, Growth growth) {
    lines.add("");
    lines.add("**" + growth.broker() + "**");
    lines.add("");
    lines.add("| fleet | round trips/s | CPU µs of the bridges | CPU µs of the broker | lost |");
    lines.add("|---|---|---|---|---|");
    for (Growth.Fleet fleet : growth.turns().keySet()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %,.0f | %.1f | %.1f | %,d |",
              fleet.label(),
              growth.trips(fleet),
              growth.bridgeMicros(fleet),
              growth.brokerMicros(fleet),
              growth.lost(fleet)));
    }
  }

  private static String number(OptionalDouble value, String format) {
    return BenchReport.number(value, format);
  }
}
