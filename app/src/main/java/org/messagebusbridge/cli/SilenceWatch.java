package org.messagebusbridge.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.messagebusbridge.relay.Bridge;
import org.messagebusbridge.relay.BridgeState.Side;
import org.messagebusbridge.relay.Direction;
import org.messagebusbridge.relay.LinkStats;
import org.messagebusbridge.relay.RelayStats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when a side has answered nothing for ten seconds while something waits for it: an attempt
 * to connect, or messages without a confirmation. It is a line of the log when it begins, and a
 * reason on the page for as long as it lasts.
 */
final class SilenceWatch {
  private static final Logger log = LoggerFactory.getLogger(SilenceWatch.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Watched mq;
  private final Watched webSocket;

  /**
   * What is known of a side at one moment.
   *
   * @param waiting for what it keeps waiting, such as {@code with 3 messages in flight}; empty:
   *     nothing waits
   * @param answers what changes with each answer
   */
  record Signs(Optional<String> waiting, List<Long> answers) {
    /**
     * @param awaitsLife whether the relay waits for the side's first answer to a ping
     */
    static Signs of(LinkStats link, RelayStats.Snapshot sent, boolean awaitsLife) {
      Optional<String> waiting =
          link.connecting()
              ? Optional.of("since the attempt to connect began")
              : awaitsLife
                  ? Optional.of("not even a ping, since it was connected")
                  : Optional.of("with %d messages in flight".formatted(sent.inFlight()))
                      .filter(_ -> link.connected() && sent.inFlight() > 0);
      return new Signs(
          waiting,
          List.of(
              link.attempts(),
              link.connected() ? 1L : 0L,
              sent.accepted(),
              sent.refused(),
              sent.rejected(),
              sent.requeued(),
              sent.resent()));
    }
  }

  private static final class Watched {
    private final String name;
    private final Supplier<Signs> signs;
    private final LongSupplier nanoTime;
    private List<Long> answers = List.of();
    private long since;
    private volatile Optional<String> silence = Optional.empty();

    Watched(String name, Supplier<Signs> signs, LongSupplier nanoTime) {
      this.name = name;
      this.signs = signs;
      this.nanoTime = nanoTime;
    }

    void look() {
      Signs now = signs.get();
      if (now.waiting().isEmpty() || !answers.equals(now.answers())) {
        answers = now.answers();
        since = nanoTime.getAsLong();
        if (silence.isPresent()) {
          log.info("{} answers again", name);
        }
        silence = Optional.empty();
        return;
      }
      Duration lasted = Duration.ofNanos(nanoTime.getAsLong() - since);
      if (lasted.compareTo(LIMIT) < 0) {
        return;
      }
      boolean begins = silence.isEmpty();
      String sentence =
          "%s has answered nothing for %d s, %s."
              .formatted(name, lasted.toSeconds(), now.waiting().get());
      silence = Optional.of(sentence);
      if (begins) {
        log.warn(sentence);
      }
    }
  }

  /** Watches the sides of a bridge; {@link #look} has to be called. */
  static SilenceWatch of(Bridge bridge) {
    return new SilenceWatch(
        () -> signs(bridge, Side.NEAR, Direction.INBOUND),
        () -> signs(bridge, Side.FAR, Direction.OUTBOUND),
        System::nanoTime);
  }

  SilenceWatch(Supplier<Signs> mq, Supplier<Signs> webSocket, LongSupplier nanoTime) {
    this.mq = new Watched("MQ", mq, nanoTime);
    this.webSocket = new Watched("The WebSocket API", webSocket, nanoTime);
  }

  private static Signs signs(Bridge bridge, Side side, Direction towards) {
    return Signs.of(
        bridge.stats(side), bridge.stats(towards).snapshot(), bridge.awaitsLife(towards));
  }

  /** Looks every second. */
  void start(ScheduledExecutorService timer) {
    var _ = timer.scheduleWithFixedDelay(this::lookAndGoOn, 1, 1, TimeUnit.SECONDS);
  }

  private void lookAndGoOn() {
    try {
      look();
    } catch (RuntimeException | Error e) { // the timer would run it no more, and tell nobody
      log.atDebug().setCause(e).log("Could not look for silence");
    }
  }

  /** Looks once; called by one thread at a time. */
  void look() {
    mq.look();
    webSocket.look();
  }

  /** What the side keeps waiting and for how long; empty when it does not. Any thread. */
  Optional<String> silence(Side side) {
    return switch (side) {
      case NEAR -> mq.silence;
      case FAR -> webSocket.silence;
    };
  }
}
