package org.messagebusbridge.observability;

import static org.messagebusbridge.observability.Metric.Kind.COUNTER;
import static org.messagebusbridge.observability.Metric.Kind.FAULTS;
import static org.messagebusbridge.observability.Metric.Kind.GAUGE;
import static org.messagebusbridge.observability.Metric.Kind.HISTOGRAM;
import static org.messagebusbridge.observability.Metric.Unit.BOOLEAN;
import static org.messagebusbridge.observability.Metric.Unit.BYTES;
import static org.messagebusbridge.observability.Metric.Unit.COUNT;
import static org.messagebusbridge.observability.Metric.Unit.MILLISECONDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.messagebusbridge.bus.QueueDepth;
import org.messagebusbridge.observability.Datum.Counted;
import org.messagebusbridge.observability.Metric.Kind;
import org.messagebusbridge.observability.Metric.Scope;
import org.messagebusbridge.observability.Metric.Subject;
import org.messagebusbridge.observability.Metric.Unit;
import org.messagebusbridge.observability.Metric.Value;
import org.messagebusbridge.observability.Reading.Export;
import org.messagebusbridge.observability.Reading.Side;
import org.messagebusbridge.relay.RelayStats.Snapshot;

/**
 * Every metric of a bridge. The reference in {@code docs/observability.md} is made of them.
 *
 * <p>In CloudWatch a counter is what it grew by in the interval, so that its sum over any time and
 * all instances is right; but by the Python service's names, what ends in {@code _total} is since
 * the start, and what ends in {@code _persecond} is divided by the interval's seconds.
 */
public final class Metrics {
  private static final Subject<Snapshot> TO_WS =
      new Subject<>("to_ws", reading -> Optional.of(reading.toWs()));
  private static final Subject<Snapshot> FROM_WS =
      new Subject<>("from_ws", reading -> Optional.of(reading.fromWs()));
  private static final Subject<QueueDepth> TO_WS_QUEUE = new Subject<>("to_ws", Reading::toWsQueue);
  private static final Subject<QueueDepth> FROM_WS_QUEUE =
      new Subject<>("from_ws", Reading::fromWsQueue);

  private static final Scope<Snapshot> DIRECTIONS =
      new Scope<>("direction", List.of(TO_WS, FROM_WS));
  private static final Scope<Snapshot> ONLY_TO_WS = new Scope<>("direction", List.of(TO_WS));
  private static final Scope<Snapshot> ONLY_FROM_WS = new Scope<>("direction", List.of(FROM_WS));
  private static final Scope<QueueDepth> QUEUES =
      new Scope<>("direction", List.of(TO_WS_QUEUE, FROM_WS_QUEUE));
  private static final Scope<QueueDepth> ONLY_TO_WS_QUEUE =
      new Scope<>("direction", List.of(TO_WS_QUEUE));
  private static final Scope<Side> SIDES =
      new Scope<>(
          "side",
          List.of(
              new Subject<>("mq", reading -> Optional.of(reading.mq())),
              new Subject<>("ws", reading -> Optional.of(reading.webSocket()))));

  /** What is of the bridge has no subject in its names. */
  private static final Scope<Export> BRIDGE =
      new Scope<>("", List.of(new Subject<>("", reading -> Optional.of(reading.export()))));

  /** All of them. A line here is all that a metric needs. */
  public static final List<Metric<?>> ALL =
      List.of(
          counter(SIDES, "connection_attempts", COUNT, "Attempts to connect", Side::attempts)
              .inCloudWatch(
                  "mq_connection_attempts_total",
                  "mq_connection_attempts_recent",
                  "ws_connection_attempts_total",
                  "ws_connection_attempts_recent"),
          gauge(
              SIDES,
              "connected",
              BOOLEAN,
              "Whether the side is connected",
              "Minimum; Maximum for whether any instance is",
              side -> side.connected() ? 1 : 0),
          gauge(
                  SIDES,
                  "trouble",
                  BOOLEAN,
                  "Whether something keeps the side from its work though it may be connected: it"
                      + " refuses everything, takes no dead letters, or has been silent for ten"
                      + " seconds",
                  "Maximum",
                  side -> side.trouble().isPresent() ? 1 : 0)
              .inCloudWatch(),
          counter(
                  DIRECTIONS,
                  "delivered",
                  COUNT,
                  "Messages that the other side has: the WebSocket peer by its receipt, the broker"
                      + " by its confirm",
                  Snapshot::accepted)
              .inCloudWatch(
                  "to_ws_total",
                  "to_ws_persecond",
                  "to_ws_recent",
                  "from_ws_total",
                  "from_ws_persecond",
                  "from_ws_recent"),
          counter(
                  DIRECTIONS,
                  "delivered_bytes",
                  BYTES,
                  "Bytes of the bodies of the delivered messages",
                  Snapshot::acceptedBytes)
              .inCloudWatch(),
          new Metric<>(
              DIRECTIONS,
              "latency",
              HISTOGRAM,
              MILLISECONDS,
              "How long each delivered message was in the bridge, from handed out to confirmed,"
                  + " exact to 6 %",
              "p50, p99, SampleCount",
              named(DIRECTIONS, "latency"),
              flow -> new Value.Times(flow.latencies())),
          gauge(
              DIRECTIONS,
              "in_flight",
              COUNT,
              "Messages handed out and not settled, those whose receipt is being kept"
                  + " (ws_receipt_grace_ms) included",
              "Average, by instance",
              Snapshot::inFlight),
          counter(
              DIRECTIONS,
              "resent",
              COUNT,
              "Messages sent once more after a loss: at most so many duplicates",
              Snapshot::resent),
          counter(
              ONLY_TO_WS,
              "redelivered",
              COUNT,
              "Messages that the broker says it delivered before",
              Snapshot::redelivered),
          counter(
              ONLY_TO_WS,
              "requeued",
              COUNT,
              "Messages given back to the queue, because the WebSocket was away",
              Snapshot::requeued),
          faults(
              ONLY_TO_WS,
              "dead_lettered",
              "Messages that cannot be delivered: moved to the dead-letter queue, or rejected where"
                  + " there is none",
              Snapshot::rejected),
          faults(
              ONLY_FROM_WS,
              "refused",
              "Messages that the broker did not take at once (a full queue), and that were sent"
                  + " again",
              Snapshot::refused),
          faults(
              ONLY_FROM_WS,
              "rejected",
              "Messages that the broker will never take; the WebSocket was closed with 1009",
              Snapshot::rejected),
          gauge(
              QUEUES,
              "queue_depth",
              COUNT,
              "Messages that wait in the queue, not those handed out",
              "Maximum",
              QueueDepth::messages),
          gauge(
                  QUEUES,
                  "queue_consumers",
                  COUNT,
                  "Consumers of the queue; of to_ws, the instances of the bridge",
                  "Maximum",
                  QueueDepth::consumers)
              .inCloudWatch("to_ws_queue_consumers"),
          gauge(
              ONLY_TO_WS_QUEUE,
              "backlog_per_instance",
              COUNT,
              "The depth of the queue by its consumers: what to scale by",
              "Maximum",
              queue -> (double) queue.messages() / Math.max(1, queue.consumers())),
          faults(
              BRIDGE,
              "log_events_lost",
              "Log events that never reached CloudWatch Logs",
              Export::logEventsLost),
          faults(
              BRIDGE,
              "cloudwatch_failed_calls",
              "Calls of CloudWatch that failed",
              Export::failedCalls));

  private Metrics() {}

  private static <T> Metric<T> counter(
      Scope<T> scope, String name, Unit unit, String help, ToDoubleFunction<T> source) {
    return number(scope, name, COUNTER, unit, help, "Sum", source);
  }

  private static <T> Metric<T> faults(
      Scope<T> scope, String name, String help, ToDoubleFunction<T> source) {
    return number(scope, name, FAULTS, COUNT, help, "Sum", source);
  }

  private static <T> Metric<T> gauge(
      Scope<T> scope,
      String name,
      Unit unit,
      String help,
      String statistic,
      ToDoubleFunction<T> source) {
    return number(scope, name, GAUGE, unit, help, statistic, source);
  }

  private static <T> Metric<T> number(
      Scope<T> scope,
      String name,
      Kind kind,
      Unit unit,
      String help,
      String statistic,
      ToDoubleFunction<T> source) {
    return new Metric<>(
        scope,
        name,
        kind,
        unit,
        help,
        statistic,
        named(scope, name),
        part -> new Value.Amount(source.applyAsDouble(part)));
  }

  private static List<String> named(Scope<?> scope, String name) {
    return scope.subjects().stream().map(subject -> before(subject.name()) + name).toList();
  }

  /** What a subject puts before the names of its metrics in CloudWatch. */
  private static String before(String subject) {
    return subject.isEmpty() ? "" : subject + "_";
  }

  /** What CloudWatch gets of the time from {@code before} to {@code now}. */
  public static List<Datum> between(Reading before, Reading now) {
    double seconds = Math.max(1, now.nanoTime() - before.nanoTime()) / 1e9;
    List<Datum> data = new ArrayList<>();
    for (Metric<?> metric : ALL) {
      SequencedMap<String, Value> earlier = metric.values(before);
      metric
          .values(now)
          .forEach(
              (subject, value) -> {
                Value was = earlier.getOrDefault(subject, value);
                for (String name : metric.cloudWatch()) {
                  if (name.startsWith(before(subject))) {
                    datum(metric, name, was, value, seconds).ifPresent(data::add);
                  }
                }
              });
    }
    return List.copyOf(data);
  }

  private static Optional<Datum> datum(
      Metric<?> metric, String name, Value was, Value is, double seconds) {
    if (is instanceof Value.Times(var latencies) && was instanceof Value.Times(var earlier)) {
      List<Counted> values = new ArrayList<>();
      latencies.since(earlier).forEach((millis, count) -> values.add(new Counted(millis, count)));
      return values.isEmpty()
          ? Optional.empty()
          : Optional.of(new Datum.Values(name, metric.unit(), values));
    }
    double value = ((Value.Amount) is).value();
    boolean sinceTheStart = metric.kind() == GAUGE || name.endsWith("_total");
    double grown = sinceTheStart ? value : value - ((Value.Amount) was).value();
    return Optional.of(
        new Datum.Value(
            name, metric.unit(), name.endsWith("_persecond") ? grown / seconds : grown));
  }
}
