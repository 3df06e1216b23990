package org.messagebusbridge.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Sink;
import org.messagebusbridge.bus.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One direction: takes deliveries from a source, sends them to a sink in order, and settles each
 * one only by what the sink said of it. Sources and sinks come and go as their buses are connected
 * and lost; what is unsettled is kept meanwhile:
 *
 * <pre>
 *   source up, sink up     started, relaying
 *   sink lost              what had no confirmation is held, in order, and sent first on the next sink; a source that can
 *                          take messages back has them back, and is stopped, when the hold time is over; another is
 *                          stopped at once
 *   source lost            what the source will hand out again is forgotten, the rest is still relayed
 * </pre>
 *
 * <p>All of it happens on one thread, which reads a mailbox; every method may be called from any
 * thread and returns at once.
 */
public final class Relay {
  private static final Logger log = LoggerFactory.getLogger(Relay.class);
  private static final long FOREVER = Long.MAX_VALUE;
  private static final Backoff AFTER_REFUSAL =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  private final Direction direction;
  private final Duration hold;
  private final Timing timing;
  private final Listener listener;
  private final RelayStats stats = new RelayStats();
  private final Mailbox<RelayEvent> mailbox = new Mailbox<>();
  private final Ledger ledger = new Ledger();
  private final Ledger.SettleListener onAccepted = this::accepted;
  private final Suspicion suspicion;
  private final Thread thread;

  // Of the relay's own thread from here on.
  private @Nullable Source source;
  private @Nullable Sink sink;
  private boolean sourceStarted;
  private int sinkEpoch;
  private long holdUntil = FOREVER;
  private int refusalsInARow;
  private long sendAgainAt = Long.MIN_VALUE;
  private boolean draining;
  private @Nullable CompletableFuture<@Nullable Void> drained;
  private boolean ended;
  private long settledAt;
  private boolean tellEach;
  private volatile boolean probing;

  /**
   * How patient a relay is.
   *
   * @param hold how long deliveries are held for a lost sink before a source that can has them back
   * @param maxDeliveries how often a message that the sink's peer refuses is tried, 1 or more
   */
  public record Settings(Duration hold, int maxDeliveries) {}

  /** Hears what a relay cannot mend by itself. Called by the relay's thread. */
  public interface Listener {

    /** A source could not be started; its connection is of no use. */
    void sourceFailed(BusException cause);

    /** The relay has ended, which is a bug. Nothing was settled that was not confirmed. */
    void relayFailed(Throwable cause);
  }

  /** A relay without a source or a sink yet. */
  public Relay(Direction direction, Settings settings, Timing timing, Listener listener) {
    this.direction = direction;
    this.hold = settings.hold();
    this.suspicion = new Suspicion(settings.maxDeliveries());
    this.timing = timing;
    this.listener = listener;
    this.thread =
        Thread.ofPlatform().daemon().name("relay-" + direction.label()).unstarted(this::run);
  }

  /** Whether messages go one at a time, to find the one that the sink's peer cannot take. */
  public boolean probing() {
    return probing;
  }

  /** Begins to relay, as soon as there is a source and a sink. */
  public void start() {
    thread.start();
  }

  /** What this relay has done. */
  public RelayStats stats() {
    return stats;
  }

  /** There is a source, not started yet. */
  public void sourceUp(Source up) {
    mailbox.put(new RelayEvent.SourceUp(up));
  }

  /** The source's connection is gone. */
  public void sourceDown() {
    mailbox.put(new RelayEvent.SourceDown());
  }

  /** There is a sink, not started yet. */
  public void sinkUp(Sink up) {
    mailbox.put(new RelayEvent.SinkUp(up));
  }

  /** The sink's connection is gone. */
  public void sinkDown(BusException cause) {
    mailbox.put(new RelayEvent.SinkDown(cause));
  }

  /**
   * Stops the source and settles what is in flight. What cannot be sent because there is no sink is
   * given back where the source can take it.
   *
   * @return done when nothing is left to settle
   */
  public CompletableFuture<@Nullable Void> drain() {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    mailbox.put(new RelayEvent.Drain(done));
    return done;
  }

  /** Ends the relay's thread, leaving unsettled what is; waits for it. */
  public void end() throws InterruptedException {
    mailbox.put(new RelayEvent.End());
    thread.join();
  }

  private void run() {
    List<RelayEvent> events = new ArrayList<>();
    try {
      while (!ended) {
        events = mailbox.take(events, nanosToNextTimer());
        for (RelayEvent event : events) {
          on(event);
        }
        send();
        settle();
        giveBack();
        stats.inFlight(ledger.size());
        probing = suspicion.probing(ledger.oldest());
        if (drained != null && ledger.size() == 0) {
          drained.complete(null);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      listener.relayFailed(e);
    }
  }

  private void on(RelayEvent event) {
    switch (event) {
      case RelayEvent.Delivered(Delivery delivery, long since) -> {
        if (!delivery.revoked()) {
          ledger.add(delivery, since);
          stats.delivered(delivery.redelivered());
        }
      }
      case RelayEvent.Confirmed(int epoch, long number, boolean multiple) -> {
        if (epoch == sinkEpoch) {
          ledger.confirmed(number, multiple);
          suspicion.progress();
          refusalsInARow = 0;
        }
      }
      case RelayEvent.Refused(int epoch, long number, boolean multiple) -> {
        if (epoch == sinkEpoch) {
          ledger.refused(number, multiple);
          onRefusal();
        }
      }
      case RelayEvent.Rejected(int epoch, long number, Rejection rejection) -> {
        if (epoch == sinkEpoch) {
          ledger.rejected(number, rejection);
          stats.rejected();
        }
      }
      case RelayEvent.SourceUp(Source up) -> {
        source = up;
        startSource();
      }
      case RelayEvent.SourceDown() -> {
        source = null;
        sourceStarted = false;
        holdUntil = FOREVER;
        ledger.forgetRevoked();
      }
      case RelayEvent.SinkUp(Sink up) -> onSinkUp(up);
      case RelayEvent.SinkDown(BusException cause) -> onSinkDown(cause);
      case RelayEvent.Drain(CompletableFuture<@Nullable Void> done) -> {
        draining = true;
        holdUntil = FOREVER; // no sink comes any more for what is held
        stopSource();
        mailbox.put(new RelayEvent.LastDelivered(done));
      }
      case RelayEvent.LastDelivered(CompletableFuture<@Nullable Void> done) -> drained = done;
      case RelayEvent.End() -> ended = true;
    }
  }

  private void onSinkUp(Sink up) {
    int epoch = ++sinkEpoch;
    sink = up;
    holdUntil = FOREVER;
    up.start(new RelayEvent.ToMailbox(mailbox, epoch));
    startSource();
  }

  private void onSinkDown(BusException cause) {
    sinkEpoch++;
    sink = null;
    List<Ledger.Entry> lost = ledger.sinkLost();
    if (direction == Direction.TO_WS) { // a broker is never taken to fail over a message
      suspicion
          .lost(lost, cause, timing.now())
          .ifPresent(rejection -> reject(lost.getFirst(), rejection));
    }
    refusalsInARow = 0;
    sendAgainAt = Long.MIN_VALUE;
    if (source == null) {
      return;
    }
    if (!source.canRequeue()) {
      stopSource();
    } else if (!draining) {
      holdUntil = timing.nanoTime() + hold.toNanos();
    }
  }

  private void startSource() {
    if (source == null || sink == null || sourceStarted || draining) {
      return;
    }
    try {
      sourceStarted = true;
      source.start(delivery -> mailbox.put(new RelayEvent.Delivered(delivery, timing.nanoTime())));
    } catch (BusException e) {
      sourceStarted = false;
      listener.sourceFailed(e);
    }
  }

  private void stopSource() {
    if (source != null && sourceStarted) {
      sourceStarted = false;
      source.stop();
    }
  }

  private void send() {
    if (sink == null || timing.nanoTime() < sendAgainAt) {
      return;
    }
    boolean any = false;
    for (Ledger.Entry entry = ledger.nextToSend(); entry != null; entry = ledger.nextToSend()) {
      if (suspicion.goesAlone(entry) && !ledger.wireIsEmpty()) {
        break;
      }
      Delivery delivery = entry.delivery();
      if (delivery.message().size() > sink.maxMessageBytes()) {
        reject(entry, tooLarge(entry, sink.maxMessageBytes()));
        continue;
      }
      stats.sent(entry.attempts() > 0);
      ledger.sent(entry, sink.send(delivery.message()));
      any = true;
    }
    if (any) {
      sink.flush();
    }
  }

  private void settle() {
    settledAt = timing.nanoTime();
    tellEach = log.isDebugEnabled();
    ledger.settle(onAccepted);
  }

  private void accepted(Ledger.Entry entry) {
    int bytes = entry.delivery().message().size();
    long nanos = settledAt - entry.since();
    stats.accepted(bytes, nanos);
    if (tellEach) {
      log.atDebug()
          .addKeyValue("direction", direction.label())
          .addKeyValue("number", entry.position() + 1)
          .addKeyValue("bytes", bytes)
          .addKeyValue("attempts", entry.attempts())
          .addKeyValue("micros", nanos / 1_000)
          .log("Delivered a message");
    }
  }

  private Rejection tooLarge(Ledger.Entry entry, long limit) {
    int size = entry.delivery().message().size();
    return new Rejection(
        Rejection.Reason.TOO_LARGE,
        "The message has " + size + " bytes, the most that can be sent is " + limit + ".",
        OptionalInt.empty(),
        Math.max(1, entry.attempts()),
        timing.now());
  }

  private void reject(Ledger.Entry entry, Rejection rejection) {
    log.atWarn()
        .addKeyValue("direction", direction.label())
        .addKeyValue("reason", rejection.reason())
        .addKeyValue("bytes", entry.delivery().message().size())
        .addKeyValue("attempts", rejection.attempts())
        .log("A message cannot be delivered and was given up: {}", rejection.detail());
    ledger.reject(entry, rejection);
    stats.rejected();
  }

  private void onRefusal() {
    stats.refused();
    if (sendAgainAt > timing.nanoTime()) {
      return;
    }
    refusalsInARow++;
    if (refusalsInARow == 1) {
      log.atWarn()
          .addKeyValue("direction", direction.label())
          .log("The other side refuses messages for now (a full queue?); they are sent again");
    }
    sendAgainAt =
        timing.nanoTime() + AFTER_REFUSAL.pause(refusalsInARow, timing.random()).toNanos();
  }

  /**
   * Gives back what cannot be sent: all of it when the hold time is over, and then whatever the
   * source had handed out before it stopped.
   */
  private void giveBack() {
    if (sink != null || source == null || !source.canRequeue()) {
      return;
    }
    if (holdUntil != FOREVER) {
      if (timing.nanoTime() < holdUntil) {
        return;
      }
      holdUntil = FOREVER;
      stopSource();
    }
    int requeued = ledger.requeueAll();
    if (requeued > 0) {
      settle();
      stats.requeued(requeued);
      log.atInfo()
          .addKeyValue("direction", direction.label())
          .addKeyValue("messages", requeued)
          .log("Gave messages back to their queue, because there is nowhere to send them");
    }
  }

  private long nanosToNextTimer() {
    long now = timing.nanoTime();
    long next = FOREVER;
    if (holdUntil != FOREVER) {
      next = Math.min(next, Math.max(1, holdUntil - now));
    }
    if (sendAgainAt > now) {
      next = Math.min(next, sendAgainAt - now);
    }
    return next;
  }
}
