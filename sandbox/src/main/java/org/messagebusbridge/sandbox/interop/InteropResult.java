package org.messagebusbridge.sandbox.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What came of a run through one path.
 *
 * @param failures a sentence for each thing that may not be, beside the counts
 */
public record InteropResult(InteropRun.Path path, List<Part> parts, List<String> failures) {

  private static final String HEAD =
      """
      | server | compression | load | sent | came back | lost | twice | out of order | changed |
      |---|---|---|---|---|---|---|---|---|
      """;

  /**
   * The account of one load.
   *
   * @param changed how many bodies came that nobody sent, or as text where binary was sent
   * @param mayComeTwice how many may
   * @param mayLose whether messages may be lost: their number is reported
   */
  public record Part(
      String load,
      int sent,
      int came,
      int twice,
      int outOfOrder,
      int changed,
      int mayComeTwice,
      boolean mayLose) {

    int lost() {
      return sent - came;
    }

    boolean isGood() {
      return (lost() == 0 || mayLose) && outOfOrder == 0 && changed == 0 && twice <= mayComeTwice;
    }

    @Override
    public String toString() {
      return "%s: sent %d, came back %d, twice %d, out of order %d, changed %d"
          .formatted(load, sent, came, twice, outOfOrder, changed);
    }
  }

  public InteropResult {
    parts = List.copyOf(parts);
    failures = List.copyOf(failures);
  }

  /** A sentence for each thing that may not be; empty when all is well. */
  public List<String> mistakes() {
    List<String> all = new ArrayList<>(failures);
    parts.stream().filter(part -> !part.isGood()).map(Part::toString).forEach(all::add);
    return all;
  }

  /** One line for each load, for a terminal. */
  public String lines() {
    return parts.stream()
        .map(part -> "  %-6s %s, %s".formatted(part.isGood() ? "ok" : "FAILED", path.label(), part))
        .collect(Collectors.joining("\n"));
  }

  /** A table in Markdown. */
  public static String table(List<InteropResult> results) {
    return HEAD
        + results.stream()
            .flatMap(result -> result.parts.stream().map(part -> result.row(part)))
            .collect(Collectors.joining());
  }

  /** What went wrong beside the counts, as a list in Markdown; empty when nothing did. */
  public static String notes(List<InteropResult> results) {
    return results.stream()
        .flatMap(
            result ->
                result.failures.stream()
                    .map(failure -> "- %s: **%s**\n".formatted(result.path.label(), failure)))
        .collect(Collectors.joining());
  }

  private String row(Part part) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %,d | %,d | %,d | %,d | %,d | %,d |\n",
        path.peer().label() + path.front().map(front -> " through " + front.label()).orElse(""),
        path.compression() ? "permessage-deflate" : "off",
        part.load,
        part.sent,
        part.came,
        part.lost(),
        part.twice,
        part.outOfOrder,
        part.changed);
  }
}
