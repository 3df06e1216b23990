package org.messagebusbridge.sandbox.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The results as one page that needs nothing else: no network, no script. */
final class BenchPage {
  private BenchPage() {}

  static String of(Results results) {
    StringBuilder page = new StringBuilder(HEAD);
    page.append("<h1>MessageBusBridge: the benchmark</h1>\n<p>")
        .append(escape(results.time().toString()))
        .append(" &middot; ")
        .append(escape(results.broker()))
        .append(
            String.format(
                Locale.ROOT,
                " &middot; %d cores for all &middot; %d rounds of %d s in turn, medians; dots are"
                    + " the rounds</p>\n",
                results.cores(),
                results.rounds(),
                results.seconds()));
    if (!results.outcomes().isEmpty()) {
      page.append("<h2>Goals</h2>\n").append(goals(results.outcomes()));
    }
    for (Workload load : results.loads()) {
      List<Row> rows = results.of(load);
      page.append("<h2>").append(escape(load.label())).append("</h2>\n");
      if (load.saturates()) {
        page.append(
            chart("round trips a second", rows, sample -> sample.figures().overall(), "%,.0f"));
        page.append(cpu(rows));
      } else {
        page.append(chart("p50, ms", rows, sample -> sample.figures().p50Millis(), "%.2f"));
        page.append(chart("p99, ms", rows, sample -> sample.figures().p99Millis(), "%.2f"));
        page.append(chart("p99.9, ms", rows, sample -> sample.figures().p999Millis(), "%.2f"));
      }
      page.append(table(rows));
    }
    page.append(extras(results.extras()));
    page.append("<h2>The ways</h2>\n<dl>\n");
    for (Way way : results.rows().stream().map(Row::way).distinct().toList()) {
      page.append("<dt>").append(way.label()).append("</dt><dd>");
      page.append(escape(way.meaning())).append("</dd>\n");
    }
    return page.append("</dl>\n</main></body></html>\n").toString();
  }

  private static String goals(List<Goal.Outcome> outcomes) {
    StringBuilder rows = new StringBuilder();
    for (Goal.Outcome outcome : outcomes) {
      rows.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td>%.2f</td><td>%s %.2f</td><td class=\"%s\">%s</td></tr>%n",
              escape(outcome.goal().name()),
              outcome.value(),
              outcome.goal().atLeast() ? "&ge;" : "&le;",
              outcome.goal().limit(),
              outcome.verdict(),
              outcome.verdict()));
    }
    return "<div class=\"wide\"><table><tr><th>figure</th><th>here</th><th>goal</th><th></th></tr>\n"
        + rows
        + "</table></div>\n";
  }

  private static String chart(
      String title, List<Row> rows, ToDoubleFunction<Sample> value, String format) {
    return Bars.chart(
        title,
        rows.stream()
            .map(
                row ->
                    new Bars.Bar(
                        row.way().label(),
                        row.samples().stream().map(value::applyAsDouble).toList(),
                        isOurs(row.way())))
            .toList(),
        format);
  }

  /** What a round trip costs in processor time: of the bridge, the broker and all together. */
  private static String cpu(List<Row> rows) {
    List<Row> own = rows.stream().filter(row -> row.cpuMicros().isPresent()).toList();
    String ofBridge =
        own.isEmpty()
            ? ""
            : chart(
                "processor time of the bridge for one, \u00b5s", own, Sample::bridgeMicros, "%.1f");
    return ofBridge
        + chart("processor time of the broker for one, \u00b5s", rows, Sample::brokerMicros, "%.1f")
        + chart(
            "processor time of bridge, broker and load together for one, \u00b5s",
            rows,
            Sample::allMicros,
            "%.1f");
  }

  /** The start, the long queue and the fleets, as far as they were measured. */
  private static String extras(Results.Extras extras) {
    StringBuilder page = new StringBuilder();
    extras
        .startup()
        .ifPresent(
            startup ->
                page.append("<h2>From exec to ready</h2>\n")
                    .append(
                        Bars.chart(
                            "milliseconds; bare: a program that opens the same connections",
                            List.of(
                                new Bars.Bar("bridge", startup.bridge(), true),
                                new Bars.Bar("bare", startup.bare(), false)),
                            "%,.0f")));
    extras
        .backlog()
        .ifPresent(
            backlog ->
                page.append("<h2>Messages waiting in the queue</h2>\n")
                    .append(
                        Bars.chart(
                            "round trips a second",
                            backlog.rates().entrySet().stream()
                                .map(
                                    entry ->
                                        new Bars.Bar(
                                            String.format(Locale.ROOT, "%,d", entry.getKey()),
                                            entry.getValue(),
                                            true))
                                .toList(),
                            "%,.0f")));
    for (Growth growth : extras.growth()) {
      page.append("<h2>").append(escape(growth.broker())).append("</h2>\n");
      page.append(
          fleets("round trips a second, of all together", growth, Growth.Turn::trips, "%,.0f"));
      page.append(
          fleets(
              "processor time of the bridges for one, \u00b5s",
              growth,
              Growth.Turn::bridgeMicros,
              "%.1f"));
      page.append(
          fleets(
              "processor time of the broker for one, \u00b5s",
              growth,
              Growth.Turn::brokerMicros,
              "%.1f"));
    }
    return page.toString();
  }

  private static String fleets(
      String title, Growth growth, ToDoubleFunction<Growth.Turn> value, String format) {
    return Bars.chart(
        title,
        growth.turns().entrySet().stream()
            .map(
                entry ->
                    new Bars.Bar(
                        entry.getKey().label(),
                        entry.getValue().stream().map(value::applyAsDouble).toList(),
                        true))
            .toList(),
        format);
  }

  private static boolean isOurs(Way way) {
    return switch (way) {
      case LOOPBACK, PONG, FLUSH, WSS -> true;
      case DIRECT, FLOOR, SHOVEL, SHOVEL_TCP, BENTHOS -> false;
    };
  }

  private static String table(List<Row> rows) {
    StringBuilder table =
        new StringBuilder(
            "<div class=\"wide\"><table><tr><th>way</th><th>trips/s</th><th>p50 ms</th><th>p99"
                + " ms</th><th>p99.9 ms</th><th>CPU &micro;s</th><th>broker &micro;s</th><th>load"
                + " &micro;s</th><th>wake-ups</th><th>heap B</th><th>peak"
                + " MiB</th><th>sent</th><th>lost</th><th>twice</th><th>out of order</th></tr>\n");
    for (Row row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td>%,.0f</td><td>%.2f</td><td>%.2f</td><td>%.2f</td><td>%s</td>"
                  + "<td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%s</td><td>%s</td><td>%,d</td><td>%,d</td>"
                  + "<td>%,d</td><td>%,d</td></tr>%n",
              row.way().label(),
              row.trips(),
              row.p50Millis(),
              row.p99Millis(),
              row.p999Millis(),
              BenchReport.number(row.cpuMicros(), "%.1f"),
              row.brokerMicros(),
              row.loadMicros(),
              row.sleeps(),
              BenchReport.number(row.allocatedBytes(), "%.0f"),
              BenchReport.number(row.peakMib(), "%.1f"),
              row.sent(),
              row.lost(),
              row.duplicated(),
              row.outOfOrder()));
    }
    return table.append("</table></div>\n").toString();
  }

  private static String escape(String text) {
    return Bars.escape(text);
  }

  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>MessageBusBridge: the benchmark</title>
      <style>
      :root { color-scheme: light dark; --ink: #1b2430; --soft: #5d6b7a; --line: #d8dee6;
        --paper: #fff; --ours: #2f6fb3; --theirs: #a9b4c0; --dot: #1b2430; --good: #1a7f4b;
        --bad: #b3401f; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #9aa7b5;
        --line: #303b47; --paper: #131920; --ours: #5b9bdf; --theirs: #5a6673; --dot: #f2f5f8;
        --good: #4cc38a; --bad: #ff8d66; } }
      body { margin: 0; background: var(--paper); color: var(--ink);
        font: 15px/1.5 system-ui, sans-serif; }
      main { max-width: 760px; margin: 0 auto; padding: 24px 16px 64px; }
      h1 { font-size: 24px; } h2 { font-size: 18px; margin-top: 40px; }
      p, figcaption, dd { color: var(--soft); } figure { margin: 12px 0; }
      svg { width: 100%; height: auto; font-size: 13px; } svg text { fill: var(--ink); }
      .end { text-anchor: end; } .ours { fill: var(--ours); } .theirs { fill: var(--theirs); }
      circle { fill: none; stroke: var(--dot); } .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
      th, td { padding: 4px 10px; text-align: right; border-bottom: 1px solid var(--line); }
      th:first-child, td:first-child { text-align: left; padding-left: 0; }
      th { font-weight: 600; color: var(--soft); } .met { color: var(--good); }
      .short { color: var(--bad); } dt { font-weight: 600; margin-top: 8px; } dd { margin: 0; }
      </style></head><body><main>
      """;
}
