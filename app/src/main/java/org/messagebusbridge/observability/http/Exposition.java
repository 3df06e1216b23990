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
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.messagebusbridge.relay.Latencies;

/** Collects metrics, and writes them in Prometheus' text format (0.0.4). */
final class Exposition {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4";

  /** Upper bounds of a histogram's buckets, in seconds. */
  private static final double[] BOUNDS = {
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60
  };

  private final MetricSnapshots.Builder metrics = MetricSnapshots.builder();

  /** A value, and what it is of: the values of labels by their names, in turn. */
  record Point(double value, Labels labels) {
    static Point of(double value, String... labels) {
      return new Point(value, Labels.of(labels));
    }

    static Point of(long value, String... labels) {
      return of((double) value, labels);
    }

    static Point of(boolean value, String... labels) {
      return of(value ? 1.0 : 0.0, labels);
    }
  }

  /** The latencies of one direction. */
  record Latency(Latencies.Snapshot latency, String direction) {}

  /** What only grows; the format appends {@code _total} to the name. */
  void counter(String name, String help, Point... points) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    for (Point point : points) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder().labels(point.labels()).value(point.value()).build());
    }
    metrics.metricSnapshot(counter.build());
  }

  /** A state. */
  void gauge(String name, String help, Point... points) {
    gauge(name, help, List.of(points));
  }

  /** A state. */
  void gauge(String name, String help, List<Point> points) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (Point point : points) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder().labels(point.labels()).value(point.value()).build());
    }
    metrics.metricSnapshot(gauge.build());
  }

  /** How long things took, in seconds. */
  void histogram(String name, String help, Latency... latencies) {
    HistogramSnapshot.Builder histogram = HistogramSnapshot.builder().name(name).help(help);
    for (Latency latency : latencies) {
      histogram.dataPoint(
          HistogramDataPointSnapshot.builder()
              .labels(Labels.of("direction", latency.direction()))
              .classicHistogramBuckets(buckets(latency.latency()))
              .sum(latency.latency().sumSeconds())
              .build());
    }
    metrics.metricSnapshot(histogram.build());
  }

  private static ClassicHistogramBuckets buckets(Latencies.Snapshot latency) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    long below = 0;
    for (double bound : BOUNDS) {
      long upTo = latency.countUpTo(Math.round(bound * 1e6));
      buckets.bucket(bound, upTo - below);
      below = upTo;
    }
    return buckets.bucket(Double.POSITIVE_INFINITY, latency.count() - below).build();
  }

  /** All of it, sorted by name. */
  String text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(8 * 1024);
    try {
      PrometheusTextFormatWriter.create().write(out, metrics.build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(UTF_8);
  }
}
