package org.messagebusbridge.cli;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.messagebusbridge.bus.QueueDepth;
import org.messagebusbridge.config.BusModule;
import org.messagebusbridge.config.CloudWatchKeys;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.observability.ExportCounters;
import org.messagebusbridge.observability.Polled;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.relay.Bridge;
import org.messagebusbridge.relay.BridgeState.Side;
import org.messagebusbridge.relay.Direction;
import org.messagebusbridge.relay.LinkStats;

/**
 * The numbers of a bridge, and the depths of its queues, which are asked for at the interval of the
 * metrics from the first reading on. Any thread; a reading never waits.
 */
final class BridgeReadings implements Supplier<Reading>, AutoCloseable {
  private final Bridge bridge;
  private final SilenceWatch silence;
  private final ExportCounters counters;
  private final Optional<BusModule.Depths> depths;
  private final Polled<Latest> polled;

  private record Latest(Optional<QueueDepth> toWs, Optional<QueueDepth> fromWs) {}

  BridgeReadings(Bridge bridge, SilenceWatch silence, Logins logins, ExportCounters counters) {
    this.bridge = bridge;
    this.silence = silence;
    this.counters = counters;
    Configuration configuration = logins.initial();
    BusModule mq = configuration.bus(BusModule.Side.MQ);
    this.depths = mq.depths(logins::latest);
    Optional<BusModule.Queues> queues = mq.queues(configuration);
    this.polled =
        new Polled<>(
            "queue-depths",
            () -> queues.map(names -> new Latest(depth(names.toWs()), depth(names.fromWs()))),
            configuration.get(CloudWatchKeys.METRICS_RESOLUTION));
  }

  @Override
  public Reading get() {
    Optional<Latest> latest = polled.latest();
    return new Reading(
        Instant.now(),
        System.nanoTime(),
        bridge.state().word(),
        side(Side.NEAR),
        side(Side.FAR),
        bridge.stats(Direction.OUTBOUND).snapshot(),
        bridge.stats(Direction.INBOUND).snapshot(),
        latest.flatMap(Latest::toWs),
        latest.flatMap(Latest::fromWs),
        counters.reading());
  }

  private Optional<QueueDepth> depth(String queue) {
    return depths.flatMap(asked -> asked.of(queue));
  }

  private Reading.Side side(Side side) {
    LinkStats stats = bridge.stats(side);
    return new Reading.Side(
        stats.connected(),
        stats.attempts(),
        stats.lastFailure(),
        bridge.trouble(side).or(() -> silence.silence(side)));
  }

  @Override
  public void close() {
    polled.close();
    depths.ifPresent(BusModule.Depths::close);
  }
}
