package org.messagebusbridge.observability.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.Reading.Queue;
import org.messagebusbridge.observability.RecentEvents;
import org.messagebusbridge.observability.http.Exposition.Latency;
import org.messagebusbridge.observability.http.Exposition.Point;
import org.messagebusbridge.relay.RelayStats;

/** The metrics for Prometheus. {@code docs/observability.md} has them one by one. */
final class PrometheusMetrics {
  private static final List<String> STATES =
      List.of("starting", "connecting", "relaying", "paused", "standby", "draining", "stopped");

  private final Exposition out = new Exposition();

  private PrometheusMetrics() {}

  /** All there is before the bridge runs. */
  static String ofStart(About about, RecentEvents.Snapshot events) {
    PrometheusMetrics all = new PrometheusMetrics();
    all.process(about);
    all.state(Health.STARTING, events);
    return all.out.text();
  }

  /** All there is. */
  static String of(About about, Reading reading, RecentEvents.Snapshot events) {
    PrometheusMetrics all = new PrometheusMetrics();
    all.process(about);
    all.state(Health.of(reading), events);
    all.sides(reading);
    all.flows(reading);
    all.queues(reading);
    all.export(reading.export());
    return all.out.text();
  }

  private void process(About about) {
    out.gauge(
        "mbb_build_info",
        "1, with the version and ha_mode",
        Point.of(1.0, "version", about.version(), "ha_mode", about.mode()));
    out.gauge(
        "process_start_time_seconds",
        "When the process began, in seconds since 1970",
        Point.of(about.started().toEpochMilli() / 1e3));
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(
            time ->
                out.counter(
                    "process_cpu_seconds",
                    "Processor time of the process",
                    Point.of(time.toNanos() / 1e9)));
    Runtime runtime = Runtime.getRuntime();
    out.gauge(
        "mbb_heap_used_bytes",
        "Java heap in use, garbage included",
        Point.of(runtime.totalMemory() - runtime.freeMemory()));
    out.gauge(
        "mbb_heap_max_bytes", "The largest the Java heap may get", Point.of(runtime.maxMemory()));
  }

  private void state(Health health, RecentEvents.Snapshot events) {
    out.gauge("mbb_ready", "1 when /health/ready says so", Point.of(health.ready()));
    out.gauge(
        "mbb_state",
        "1 for what the bridge is doing, 0 for the rest",
        STATES.stream()
            .map(state -> Point.of(state.equals(health.state()), "state", state))
            .toList());
    out.counter(
        "mbb_log_events",
        "Warnings and errors that were logged",
        Point.of(events.warnings(), "level", "warn"),
        Point.of(events.errors(), "level", "error"));
  }

  private void sides(Reading reading) {
    out.gauge(
        "mbb_connected",
        "1 when the side is connected",
        Point.of(reading.mq().connected(), "side", "mq"),
        Point.of(reading.webSocket().connected(), "side", "websocket"));
    out.counter(
        "mbb_connection_attempts",
        "Attempts to connect",
        Point.of(reading.mq().attempts(), "side", "mq"),
        Point.of(reading.webSocket().attempts(), "side", "websocket"));
  }

  private void flows(Reading reading) {
    flow(
        reading, "mbb_messages", "Messages that the other side has", RelayStats.Snapshot::accepted);
    flow(
        reading,
        "mbb_message_bytes",
        "Bytes of the bodies of those",
        RelayStats.Snapshot::acceptedBytes);
    flow(
        reading,
        "mbb_redelivered",
        "Messages that the source had handed out before",
        RelayStats.Snapshot::redelivered);
    flow(
        reading, "mbb_resent", "Messages sent once more after a loss", RelayStats.Snapshot::resent);
    flow(
        reading,
        "mbb_requeued",
        "Messages given back to their queue",
        RelayStats.Snapshot::requeued);
    flow(
        reading,
        "mbb_refused",
        "Messages not taken at once, and sent again",
        RelayStats.Snapshot::refused);
    flow(
        reading,
        "mbb_rejected",
        "Messages that cannot be delivered: dead-lettered, or refused to the peer",
        RelayStats.Snapshot::rejected);
    out.gauge(
        "mbb_in_flight_messages",
        "Messages handed out and not settled",
        Point.of((long) reading.toWs().inFlight(), "direction", "to_ws"),
        Point.of((long) reading.fromWs().inFlight(), "direction", "from_ws"));
    out.histogram(
        "mbb_latency_seconds",
        "How long messages took, from handed out to confirmed",
        new Latency(reading.toWs().latencies(), "to_ws"),
        new Latency(reading.fromWs().latencies(), "from_ws"));
  }

  private void flow(
      Reading reading, String name, String help, ToLongFunction<RelayStats.Snapshot> value) {
    out.counter(
        name,
        help,
        Point.of(value.applyAsLong(reading.toWs()), "direction", "to_ws"),
        Point.of(value.applyAsLong(reading.fromWs()), "direction", "from_ws"));
  }

  private void queues(Reading reading) {
    queue(reading, "mbb_queue_messages", "Messages that wait in the queue", Queue::messages);
    queue(
        reading,
        "mbb_queue_consumers",
        "Consumers of the queue",
        queue -> (long) queue.consumers());
  }

  private void queue(Reading reading, String name, String help, Function<Queue, Long> value) {
    List<Point> points = new ArrayList<>();
    reading
        .toWsQueue()
        .ifPresent(queue -> points.add(Point.of(value.apply(queue), "direction", "to_ws")));
    reading
        .fromWsQueue()
        .ifPresent(queue -> points.add(Point.of(value.apply(queue), "direction", "from_ws")));
    if (!points.isEmpty()) {
      out.gauge(name, help, points);
    }
  }

  private void export(Reading.Export export) {
    out.counter(
        "mbb_log_events_lost",
        "Log events that never reached CloudWatch Logs",
        Point.of(export.logEventsLost()));
    out.counter(
        "mbb_cloudwatch_failed_calls",
        "Calls of CloudWatch that failed",
        Point.of(export.failedCalls()));
  }
}
