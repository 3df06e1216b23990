package org.messagebusbridge.cli;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.messagebusbridge.amqp.QueueDepths;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.observability.ExportCounters;
import org.messagebusbridge.observability.LatencyReading;
import org.messagebusbridge.observability.Polled;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.relay.Bridge;
import org.messagebusbridge.relay.BridgeState.Side;
import org.messagebusbridge.relay.Direction;
import org.messagebusbridge.relay.Latencies;
import org.messagebusbridge.relay.LinkStats;
import org.messagebusbridge.relay.RelayStats;

/**
 * The numbers of a bridge, and the depths of its queues, which are asked for at the interval of the
 * metrics from the first reading on. Any thread; a reading never waits.
 */
final class BridgeReadings implements Supplier<Reading>, AutoCloseable {
  private final Bridge bridge;
  private final SilenceWatch silence;
  private final ExportCounters counters;
  private final QueueDepths depths;
  private final Polled<Depths> polled;

  private record Depths(Optional<Reading.Queue> toWs, Optional<Reading.Queue> fromWs) {}

  BridgeReadings(Bridge bridge, SilenceWatch silence, Logins logins, ExportCounters counters) {
    this.bridge = bridge;
    this.silence = silence;
    this.counters = counters;
    this.depths = new QueueDepths(logins::amqp);
    Configuration configuration = logins.initial();
    String toWs = configuration.amqp().queueToWs();
    String fromWs = configuration.amqp().queueFromWs();
    this.polled =
        new Polled<>(
            "queue-depths",
            () -> Optional.of(new Depths(queue(toWs), queue(fromWs))),
            configuration.cloudWatch().metricsResolution());
  }

  @Override
  public Reading get() {
    Optional<Depths> latest = polled.latest();
    return new Reading(
        Instant.now(),
        System.nanoTime(),
        bridge.state().word(),
        side(Side.NEAR),
        side(Side.FAR),
        flow(bridge.stats(Direction.OUTBOUND)),
        flow(bridge.stats(Direction.INBOUND)),
        latest.flatMap(Depths::toWs),
        latest.flatMap(Depths::fromWs),
        counters.reading());
  }

  private Optional<Reading.Queue> queue(String name) {
    return depths.of(name).map(depth -> new Reading.Queue(depth.messages(), depth.consumers()));
  }

  private Reading.Side side(Side side) {
    LinkStats stats = bridge.stats(side);
    return new Reading.Side(
        stats.connected(),
        stats.attempts(),
        stats.lastFailure().map(f -> new Reading.Failure(f.time(), f.sentence())),
        bridge.trouble(side).or(() -> silence.silence(side)));
  }

  private static Reading.Flow flow(RelayStats stats) {
    RelayStats.Snapshot now = stats.snapshot();
    Latencies latencies = stats.latencies();
    return new Reading.Flow(
        now.accepted(),
        now.acceptedBytes(),
        now.redelivered(),
        now.resent(),
        now.requeued(),
        now.refused(),
        now.rejected(),
        now.inFlight(),
        LatencyReading.of(latencies.counts(), Latencies::fromMicros, latencies.sumNanos()));
  }

  @Override
  public void close() {
    polled.close();
    depths.close();
  }
}
