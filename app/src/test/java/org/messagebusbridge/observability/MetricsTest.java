package org.messagebusbridge.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.observability.Datum.Counted;
import org.messagebusbridge.observability.Datum.Value;
import org.messagebusbridge.observability.Datum.Values;
import org.messagebusbridge.observability.Metric.Unit;

class MetricsTest {

  @Test
  void everyMetricOfAnIntervalWithItsUnitAndMeaning() {
    Reading before = Readings.at(Duration.ofSeconds(10), 100, 20);
    Reading now = Readings.at(Duration.ofSeconds(20), 1_100, 45);

    assertThat(Metrics.between(before, now))
        .containsExactlyInAnyOrder(
            count("mq_connection_attempts_total", 3),
            count("mq_connection_attempts_recent", 0),
            connected("mq", 1),
            count("ws_connection_attempts_total", 4),
            count("ws_connection_attempts_recent", 0),
            connected("ws", 1),
            count("to_ws_total", 1_100),
            count("to_ws_persecond", 100),
            count("to_ws_recent", 1_000),
            count("to_ws_in_flight", 10),
            count("to_ws_resent", 0),
            latency("to_ws_latency", 1_000),
            count("from_ws_total", 45),
            count("from_ws_persecond", 2.5),
            count("from_ws_recent", 25),
            count("from_ws_in_flight", 16),
            count("from_ws_resent", 0),
            latency("from_ws_latency", 25),
            count("to_ws_redelivered", 0),
            count("to_ws_requeued", 0),
            count("to_ws_dead_lettered", 0),
            count("from_ws_refused", 0),
            count("from_ws_rejected", 0),
            count("log_events_lost", 0),
            count("cloudwatch_failed_calls", 0),
            count("to_ws_queue_depth", 90),
            count("to_ws_queue_consumers", 4),
            count("to_ws_backlog_per_instance", 22.5),
            count("from_ws_queue_depth", 17));
  }

  @Test
  void whatIsNotATotalNorAStateCountsTheIntervalAlone() {
    List<Datum> first =
        Metrics.between(Readings.zero(), Readings.at(Duration.ofSeconds(10), 100, 20));

    assertThat(first)
        .contains(
            count("mq_connection_attempts_recent", 3),
            count("ws_connection_attempts_recent", 4),
            count("to_ws_recent", 100),
            count("to_ws_resent", 6),
            count("to_ws_redelivered", 5),
            count("to_ws_requeued", 7),
            count("to_ws_dead_lettered", 9),
            count("from_ws_resent", 12),
            count("from_ws_refused", 14),
            count("from_ws_rejected", 15),
            count("log_events_lost", 18),
            count("cloudwatch_failed_calls", 19));
  }

  @Test
  void whatIsNotKnownIsNotSent() {
    List<Datum> none = Metrics.between(Readings.zero(), Readings.zero());

    assertThat(none)
        .extracting(Datum::name)
        .doesNotContain("to_ws_latency", "from_ws_latency")
        .noneMatch(name -> name.contains("_queue_") || name.contains("backlog"));
    assertThat(none).contains(connected("mq", 0), count("to_ws_persecond", 0));
  }

  private static Datum count(String name, double value) {
    return new Value(name, Unit.COUNT, value);
  }

  private static Datum connected(String side, double value) {
    return new Value(side + "_connected", Unit.BOOLEAN, value);
  }

  /** Each took 0.5 ms, which counts as the middle of its bucket, 496 to 512 microseconds. */
  private static Datum latency(String name, long count) {
    return new Values(name, Unit.MILLISECONDS, List.of(new Counted(0.504, count)));
  }
}
