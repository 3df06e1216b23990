package org.messagebusbridge.sandbox.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.messagebusbridge.sandbox.SandboxException;

/** The results as files: JSON with every round, and a page. */
final class BenchFiles {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private BenchFiles() {}

  /**
   * Writes a file.
   *
   * @throws SandboxException when it cannot be written
   */
  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new SandboxException("%s cannot be written: %s.".formatted(file, e), e);
    }
  }

  static String json(Results results) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("time", results.time().toString());
    report.put("broker", results.broker());
    report.put("cores", results.cores());
    report.put("inFlight", results.inFlight());
    report.put("rounds", results.rounds());
    report.put("seconds", results.seconds());
    report.put("rows", results.rows().stream().map(BenchFiles::row).toList());
    results.extras().startup().ifPresent(startup -> report.put("start", start(startup)));
    results.extras().backlog().ifPresent(backlog -> report.put("backlog", backlog(backlog)));
    report.put("growth", results.extras().growth().stream().map(BenchFiles::growth).toList());
    report.put("goals", results.outcomes().stream().map(BenchFiles::goal).toList());
    try {
      return JSON.writeValueAsString(report) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of numbers and strings can always be written", e);
    }
  }

  private static Map<String, Object> row(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("way", row.way().label());
    json.put("bodyBytes", row.load().size());
    json.put("messagesPerSecond", row.load().rate());
    json.put("roundTripsPerSecond", row.trips());
    json.put("p50Millis", row.p50Millis());
    json.put("p99Millis", row.p99Millis());
    json.put("p999Millis", row.p999Millis());
    put(json, "cpuMicrosPerMessage", row.cpuMicros());
    json.put("brokerMicrosPerMessage", row.brokerMicros());
    json.put("loadMicrosPerMessage", row.loadMicros());
    json.put("wakeUpsPerMessage", row.sleeps());
    put(json, "allocatedBytesPerMessage", row.allocatedBytes());
    row.peakResidentKib().ifPresent(kib -> json.put("peakResidentBytes", kib * 1024));
    json.put("sent", row.sent());
    json.put("lost", row.lost());
    json.put("duplicated", row.duplicated());
    json.put("outOfOrder", row.outOfOrder());
    json.put("rounds", row.samples().stream().map(BenchFiles::sample).toList());
    return json;
  }

  private static Map<String, Object> sample(Sample sample) {
    Figures figures = sample.figures();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("roundTripsInEachSecond", figures.perSecond());
    json.put("p50Millis", figures.p50Millis());
    json.put("p99Millis", figures.p99Millis());
    json.put("p999Millis", figures.p999Millis());
    json.put("maxMillis", figures.maxMillis());
    sample.use().ifPresent(use -> json.put("cpuMicrosPerMessage", use.cpuMicros()));
    json.put("brokerMicrosPerMessage", sample.brokerMicros());
    json.put("loadMicrosPerMessage", sample.loadMicros());
    json.put("wakeUpsPerMessage", sample.sleeps());
    return json;
  }

  private static Map<String, Object> start(Startup startup) {
    return Map.of("bridgeMillis", startup.bridge(), "bareMillis", startup.bare());
  }

  private static List<Map<String, Object>> backlog(Backlog backlog) {
    return backlog.rates().entrySet().stream()
        .map(
            entry ->
                Map.<String, Object>of(
                    "waiting", entry.getKey(), "roundTripsPerSecond", entry.getValue()))
        .toList();
  }

  private static Map<String, Object> growth(Growth growth) {
    return Map.of(
        "broker",
        growth.broker(),
        "fleets",
        growth.turns().entrySet().stream()
            .map(
                entry ->
                    Map.of(
                        "queues", entry.getKey().queues(),
                        "instancesOnEach", entry.getKey().instances(),
                        "rounds", entry.getValue()))
            .toList());
  }

  private static Map<String, Object> goal(Goal.Outcome outcome) {
    return Map.of(
        "name", outcome.goal().name(),
        "value", outcome.value(),
        "limit", outcome.goal().limit(),
        "atLeast", outcome.goal().atLeast(),
        "met", outcome.isMet());
  }

  private static void put(Map<String, Object> json, String key, OptionalDouble value) {
    if (value.isPresent()) {
      json.put(key, value.getAsDouble());
    }
  }
}
