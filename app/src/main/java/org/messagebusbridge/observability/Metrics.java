package org.messagebusbridge.observability;

import java.util.ArrayList;
import java.util.List;
import org.messagebusbridge.observability.Metric.Counted;
import org.messagebusbridge.observability.Metric.Unit;
import org.messagebusbridge.observability.Metric.Value;
import org.messagebusbridge.observability.Metric.Values;
import org.messagebusbridge.observability.Reading.Side;
import org.messagebusbridge.relay.RelayStats;

/**
 * The metrics of the time between two readings. The first eight are those of the Python service, by
 * name, unit and meaning; of the rest, {@code _total} counts since the start, a number at the end
 * of the interval is a state, and all others count what happened in the interval, so that their sum
 * over any time and all instances is right. {@code docs/observability.md} has them one by one.
 */
final class Metrics {
  private final List<Metric> metrics = new ArrayList<>();
  private final Reading before;
  private final Reading now;
  private final double seconds;

  private Metrics(Reading before, Reading now) {
    this.before = before;
    this.now = now;
    this.seconds = Math.max(1, now.nanoTime() - before.nanoTime()) / 1e9;
  }

  /** The metrics of the time from {@code before} to {@code now}. */
  static List<Metric> between(Reading before, Reading now) {
    Metrics metrics = new Metrics(before, now);
    metrics.attempts("mq", before.mq(), now.mq());
    metrics.attempts("ws", before.webSocket(), now.webSocket());
    metrics.flow("to_ws", before.toWs(), now.toWs());
    metrics.flow("from_ws", before.fromWs(), now.fromWs());
    metrics.particulars();
    metrics.queues();
    return List.copyOf(metrics.metrics);
  }

  private void attempts(String side, Side was, Side is) {
    count(side + "_connection_attempts_total", is.attempts());
    count(side + "_connection_attempts_recent", is.attempts() - was.attempts());
    count(side + "_connected", is.connected() ? 1 : 0);
  }

  private void flow(String direction, RelayStats.Snapshot was, RelayStats.Snapshot is) {
    long recent = is.accepted() - was.accepted();
    count(direction + "_total", is.accepted());
    value(direction + "_persecond", recent / seconds);
    count(direction + "_recent", recent);
    count(direction + "_in_flight", is.inFlight());
    count(direction + "_resent", is.resent() - was.resent());
    List<Counted> values = new ArrayList<>();
    is.latencies()
        .since(was.latencies())
        .forEach((millis, count) -> values.add(new Counted(millis, count)));
    if (!values.isEmpty()) {
      metrics.add(new Values(direction + "_latency", Unit.MILLISECONDS, values));
    }
  }

  private void particulars() {
    count("to_ws_redelivered", now.toWs().redelivered() - before.toWs().redelivered());
    count("to_ws_requeued", now.toWs().requeued() - before.toWs().requeued());
    count("to_ws_dead_lettered", now.toWs().rejected() - before.toWs().rejected());
    count("from_ws_refused", now.fromWs().refused() - before.fromWs().refused());
    count("from_ws_rejected", now.fromWs().rejected() - before.fromWs().rejected());
    count("log_events_lost", now.export().logEventsLost() - before.export().logEventsLost());
    count("cloudwatch_failed_calls", now.export().failedCalls() - before.export().failedCalls());
  }

  private void queues() {
    now.toWsQueue()
        .ifPresent(
            queue -> {
              count("to_ws_queue_depth", queue.messages());
              count("to_ws_queue_consumers", queue.consumers());
              value(
                  "to_ws_backlog_per_instance",
                  (double) queue.messages() / Math.max(1, queue.consumers()));
            });
    now.fromWsQueue().ifPresent(queue -> count("from_ws_queue_depth", queue.messages()));
  }

  private void count(String name, long value) {
    value(name, (double) value);
  }

  private void value(String name, double value) {
    metrics.add(new Value(name, Unit.COUNT, value));
  }
}
