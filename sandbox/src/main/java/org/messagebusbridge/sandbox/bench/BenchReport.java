package org.messagebusbridge.sandbox.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * The result, for people and for programs.
 *
 * @param broker product and version
 * @param cores of this machine, which everything runs on
 */
record BenchReport(String broker, int cores, Load.Spec spec, List<Row> rows) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  BenchReport {
    rows = List.copyOf(rows);
  }

  /** The head of the table. */
  static String head() {
    return """
                  round trips/s            round trip, ms             bridge
                 median  overall       p50      p99      max    us/msg  peak MiB\
    """;
  }

  /** One line of the table. */
  static String line(Row row) {
    Figures figures = row.figures();
    String use =
        row.bridge()
            .map(
                bridge ->
                    String.format(
                        Locale.ROOT, "%8.1f  %8.1f", bridge.cpuMicrosPerMessage(), mib(bridge)))
            .orElse(String.format(Locale.ROOT, "%8s  %8s", "-", "-"));
    return String.format(
        Locale.ROOT,
        "%-10s %8d %8.0f  %8.1f %8.1f %8.1f  %s",
        row.way().label(),
        figures.median(),
        figures.overall(),
        figures.p50Millis(),
        figures.p99Millis(),
        figures.maxMillis(),
        use);
  }

  /** The account of one row. */
  static String account(Row row) {
    Figures figures = row.figures();
    return String.format(
        Locale.ROOT,
        "%-10s sent %d, received %d, lost %d, duplicated %d, out of order %d",
        row.way().label(),
        figures.sent(),
        figures.received(),
        figures.lost(),
        figures.duplicated(),
        figures.outOfOrder());
  }

  private static double mib(Row.BridgeUse bridge) {
    return bridge.peakResidentKib().orElse(0) / 1024.0;
  }

  /** Whether every message of every row came back once and in order. */
  boolean isClean() {
    return rows.stream().map(Row::figures).allMatch(Figures::isClean);
  }

  /**
   * Writes it all as JSON.
   *
   * @throws SandboxException when the file cannot be written
   */
  void write(Path file, Instant time) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("time", time.toString());
    report.put("broker", broker);
    report.put("cores", cores);
    report.put("bodyBytes", spec.size());
    report.put("inFlight", spec.inFlight());
    report.put("warmUpSeconds", spec.warmUp().toSeconds());
    report.put("rows", rows.stream().map(BenchReport::json).toList());
    try {
      Files.writeString(file, JSON.writeValueAsString(report) + "\n");
    } catch (IOException e) {
      throw new SandboxException("%s cannot be written: %s.".formatted(file, e), e);
    }
  }

  private static Map<String, Object> json(Row row) {
    Figures figures = row.figures();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("way", row.way().label());
    json.put("roundTripsPerSecondMedian", figures.median());
    json.put("roundTripsPerSecondOverall", figures.overall());
    json.put("roundTripsInEachSecond", figures.perSecond());
    json.put("p50Millis", figures.p50Millis());
    json.put("p99Millis", figures.p99Millis());
    json.put("maxMillis", figures.maxMillis());
    row.bridge()
        .ifPresent(
            bridge -> {
              json.put("bridgeCpuMicrosPerMessage", bridge.cpuMicrosPerMessage());
              bridge
                  .peakResidentKib()
                  .ifPresent(kib -> json.put("bridgePeakResidentBytes", kib * 1024));
            });
    json.put("sent", figures.sent());
    json.put("received", figures.received());
    json.put("lost", figures.lost());
    json.put("duplicated", figures.duplicated());
    json.put("outOfOrder", figures.outOfOrder());
    return json;
  }
}
