package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Results in words: lines for a terminal, and a table in Markdown. */
public final class Report {

  private static final String HEAD =
      """
      | fault | broker | faults | sent | lost | duplicated | out of order | given back | given up | back to full rate | messages/s | memory |
      |---|---|---|---|---|---|---|---|---|---|---|---|
      """;

  private Report() {}

  /** One line about one result. */
  public static String line(Result result) {
    return String.format(
        Locale.ROOT,
        "%-6s %-12s %-52s lost %d, twice %d/%d, out of order %d/%d, given up %d, back %s, %d/s, %d"
            + " s",
        result.isGood() ? "ok" : "FAILED",
        result.target(),
        result.row(),
        result.lost(),
        result.toWs().duplicated(),
        result.fromWs().duplicated(),
        result.toWs().outOfOrder(),
        result.fromWs().outOfOrder(),
        result.toWs().givenUp() + result.fromWs().givenUp(),
        recovery(result),
        result.perSecond(),
        result.took().toSeconds());
  }

  /** The table, with two numbers, to_ws and from_ws, in the cells that are about messages. */
  public static String table(List<Result> results) {
    StringBuilder table = new StringBuilder(HEAD);
    results.forEach(result -> table.append(cells(result)).append('\n'));
    return table.toString();
  }

  /** What was noted, by row and target, as a list in Markdown; empty when nothing was. */
  public static String notes(List<Result> results) {
    return results.stream()
        .flatMap(
            result ->
                Stream.concat(
                        result.notes().stream(),
                        result.failures().stream().map(failure -> "**" + failure + "**"))
                    .map(note -> "- %s, %s: %s\n".formatted(result.row(), result.target(), note)))
        .collect(Collectors.joining());
  }

  private static String cells(Result result) {
    Tally.Sum to = result.toWs();
    Tally.Sum from = result.fromWs();
    return "| "
        + String.join(
            " | ",
            result.row(),
            result.target(),
            Integer.toString(result.faults()),
            both(to.sent(), from.sent()),
            both(to.lost(), from.lost()),
            both(to.duplicated(), from.duplicated()),
            both(to.outOfOrder(), from.outOfOrder()),
            String.format(Locale.ROOT, "%,d", result.requeued()),
            both(to.givenUp(), from.givenUp()),
            recovery(result),
            result.perSecond() == 0 ? "" : String.format(Locale.ROOT, "%,d", result.perSecond()),
            result.peakResidentKib().isEmpty()
                ? ""
                : result.peakResidentKib().getAsLong() / 1024 + " MiB")
        + " |";
  }

  private static String both(long toWs, long fromWs) {
    return toWs == 0 && fromWs == 0 ? "0" : String.format(Locale.ROOT, "%,d / %,d", toWs, fromWs);
  }

  private static String recovery(Result result) {
    return result.recoveries().isEmpty()
        ? ""
        : seconds(result.medianRecovery())
            + " s, at worst "
            + seconds(result.worstRecovery())
            + " s";
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.2f", time.toMillis() / 1e3);
  }
}
