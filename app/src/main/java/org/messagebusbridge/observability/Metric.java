package org.messagebusbridge.observability;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import org.messagebusbridge.relay.Latencies;

/**
 * A metric: one row of {@link Metrics#ALL}, from which CloudWatch, Prometheus, {@code /status}, the
 * page and the reference have all that they say of it.
 *
 * @param <T> what it is read from
 * @param scope what there is one of it for
 * @param name the same everywhere; Prometheus has {@code mbb_} before it
 * @param kind how it changes
 * @param unit what it is measured in; Prometheus gets milliseconds as seconds
 * @param help what it tells, without a full stop
 * @param statistic the statistic of CloudWatch that makes sense, over all instances unless it says
 * @param cloudWatch its names in CloudWatch, each with its subject before it; none: it is not there
 * @param source where its value comes from
 */
public record Metric<T>(
    Scope<T> scope,
    String name,
    Kind kind,
    Unit unit,
    String help,
    String statistic,
    List<String> cloudWatch,
    Function<T, Value> source) {

  /** How a metric changes. */
  public enum Kind {
    /** Only grows, from the start on. CloudWatch gets what it grew by in an interval. */
    COUNTER,
    /** A counter that is 0 when all is well; the page marks it when it is not. */
    FAULTS,
    /** What is so at the moment. */
    GAUGE,
    /** How long each of many things took. */
    HISTOGRAM
  }

  /** What a metric is measured in. */
  public enum Unit {
    COUNT,
    BYTES,
    MILLISECONDS,
    /** 1 or 0. */
    BOOLEAN
  }

  /** What a metric says. */
  public sealed interface Value {
    /** One number. */
    record Amount(double value) implements Value {}

    /** How long each of many things took. */
    record Times(Latencies.Snapshot latencies) implements Value {}
  }

  /**
   * What there is one of a metric for: each direction, each side, or the bridge.
   *
   * @param label what Prometheus calls it; empty: there is but one
   */
  public record Scope<T>(String label, List<Subject<T>> subjects) {
    public Scope {
      subjects = List.copyOf(subjects);
    }
  }

  /**
   * A direction, a side, or the bridge.
   *
   * @param name such as {@code to_ws}
   * @param part where it is in a reading; empty: it is not known
   */
  public record Subject<T>(String name, Function<Reading, Optional<T>> part) {}

  public Metric {
    cloudWatch = List.copyOf(cloudWatch);
  }

  /** The same, by other names in CloudWatch, or by none. */
  Metric<T> inCloudWatch(String... names) {
    return new Metric<>(scope, name, kind, unit, help, statistic, List.of(names), source);
  }

  /** The names of its subjects. */
  public List<String> subjects() {
    return scope.subjects().stream().map(Subject::name).toList();
  }

  /** Its values by subject, without those that are not known. */
  public SequencedMap<String, Value> values(Reading reading) {
    SequencedMap<String, Value> values = new LinkedHashMap<>();
    for (Subject<T> subject : scope.subjects()) {
      subject
          .part()
          .apply(reading)
          .ifPresent(part -> values.put(subject.name(), source.apply(part)));
    }
    return values;
  }
}
