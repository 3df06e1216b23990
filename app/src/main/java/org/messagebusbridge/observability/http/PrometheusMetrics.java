package org.messagebusbridge.observability.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.messagebusbridge.observability.Metric;
import org.messagebusbridge.observability.Metric.Value;
import org.messagebusbridge.observability.Metrics;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.RecentEvents;
import org.messagebusbridge.relay.Latencies;

/** The metrics and what Prometheus wants to know of a process, in its text format (0.0.4). */
final class PrometheusMetrics {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4";

  /** Upper bounds of a histogram's buckets, in seconds. */
  private static final double[] BOUNDS = {
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60
  };

  private static final List<String> STATES =
      List.of("starting", "connecting", "relaying", "paused", "standby", "draining", "stopped");

  private final MetricSnapshots.Builder out = MetricSnapshots.builder();

  private PrometheusMetrics() {}

  /** All there is before the bridge runs. */
  static String ofStart(About about, RecentEvents.Snapshot events) {
    PrometheusMetrics all = new PrometheusMetrics();
    all.process(about);
    all.state(Health.STARTING, events);
    return all.text();
  }

  /** All there is. */
  static String of(About about, Reading reading, RecentEvents.Snapshot events) {
    PrometheusMetrics all = new PrometheusMetrics();
    all.process(about);
    all.state(Health.of(reading), events);
    for (Metric<?> metric : Metrics.ALL) {
      all.metric(metric, reading);
    }
    return all.text();
  }

  /** What a metric is called; the format appends {@code _total} to a counter's name. */
  static String name(Metric<?> metric) {
    return "mbb_" + metric.name() + (metric.kind() == Metric.Kind.HISTOGRAM ? "_seconds" : "");
  }

  private void metric(Metric<?> metric, Reading reading) {
    SequencedMap<Labels, Double> numbers = new LinkedHashMap<>();
    SequencedMap<Labels, Latencies.Snapshot> times = new LinkedHashMap<>();
    metric
        .values(reading)
        .forEach(
            (subject, value) -> {
              String label = metric.scope().label();
              Labels labels = label.isEmpty() ? Labels.EMPTY : Labels.of(label, subject);
              switch (value) {
                case Value.Amount(double number) -> numbers.put(labels, number);
                case Value.Times(var latencies) -> times.put(labels, latencies);
              }
            });
    if (numbers.isEmpty() && times.isEmpty()) {
      return; // it is not known
    }
    String name = name(metric);
    switch (metric.kind()) {
      case COUNTER, FAULTS -> counter(name, metric.help(), numbers);
      case GAUGE -> gauge(name, metric.help(), numbers);
      case HISTOGRAM -> histogram(name, metric.help(), times);
    }
  }

  private void process(About about) {
    gauge(
        "mbb_build_info",
        "1, with the version and ha_mode",
        Map.of(Labels.of("version", about.version(), "ha_mode", about.mode()), 1.0));
    gauge(
        "process_start_time_seconds",
        "When the process began, in seconds since 1970",
        alone(about.started().toEpochMilli() / 1e3));
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(
            time ->
                counter(
                    "process_cpu_seconds",
                    "Processor time of the process",
                    alone(time.toNanos() / 1e9)));
    Runtime runtime = Runtime.getRuntime();
    gauge(
        "mbb_heap_used_bytes",
        "Java heap in use, garbage included",
        alone((double) (runtime.totalMemory() - runtime.freeMemory())));
    gauge(
        "mbb_heap_max_bytes",
        "The largest the Java heap may get",
        alone((double) runtime.maxMemory()));
  }

  private void state(Health health, RecentEvents.Snapshot events) {
    gauge("mbb_ready", "1 when /health/ready says so", alone(health.ready() ? 1 : 0));
    SequencedMap<Labels, Double> states = new LinkedHashMap<>();
    for (String state : STATES) {
      states.put(Labels.of("state", state), state.equals(health.state()) ? 1.0 : 0.0);
    }
    gauge("mbb_state", "1 for what the bridge is doing, 0 for the rest", states);
    counter(
        "mbb_log_events",
        "Warnings and errors that were logged",
        Map.of(
            Labels.of("level", "warn"),
            (double) events.warnings(),
            Labels.of("level", "error"),
            (double) events.errors()));
  }

  private static Map<Labels, Double> alone(double value) {
    return Map.of(Labels.EMPTY, value);
  }

  private void counter(String name, String help, Map<Labels, Double> values) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    values.forEach(
        (labels, value) ->
            counter.dataPoint(
                CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
    add(counter.build());
  }

  private void gauge(String name, String help, Map<Labels, Double> values) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    values.forEach(
        (labels, value) ->
            gauge.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    add(gauge.build());
  }

  private void histogram(String name, String help, Map<Labels, Latencies.Snapshot> times) {
    HistogramSnapshot.Builder histogram = HistogramSnapshot.builder().name(name).help(help);
    times.forEach(
        (labels, latencies) ->
            histogram.dataPoint(
                HistogramDataPointSnapshot.builder()
                    .labels(labels)
                    .classicHistogramBuckets(buckets(latencies))
                    .sum(latencies.sumSeconds())
                    .build()));
    add(histogram.build());
  }

  private static ClassicHistogramBuckets buckets(Latencies.Snapshot latencies) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    long below = 0;
    for (double bound : BOUNDS) {
      long upTo = latencies.countUpTo(Math.round(bound * 1e6));
      buckets.bucket(bound, upTo - below);
      below = upTo;
    }
    return buckets.bucket(Double.POSITIVE_INFINITY, latencies.count() - below).build();
  }

  private void add(MetricSnapshot snapshot) {
    out.metricSnapshot(snapshot);
  }

  /** All of it, sorted by name. */
  private String text() {
    ByteArrayOutputStream text = new ByteArrayOutputStream(8 * 1024);
    try {
      PrometheusTextFormatWriter.create().write(text, out.build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString(UTF_8);
  }
}
