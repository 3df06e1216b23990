package org.messagebusbridge.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Backoff;
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
 *   source up, sink up     once the sink's peer has shown life: started with one message, with all after its confirmation
 *   sink lost              what had no confirmation is held, in order, and sent first on the next sink; a source that can
 *                          take messages back has them back, and is stopped, when the hold time is over (suspects of
 *                          {@link PoisonDetector} later); another is stopped at once
 *   source lost            what the source will hand out again is forgotten, the rest is still relayed; likewise when it
 *                          has lost a part alone
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

  private final String name;

  /** Of a peer that may hang up over a message; empty: there is none. */
  private final Optional<SinkPeer> peer;

  private final Timing timing;
  private final Listener listener;
  private final RelayStats stats = new RelayStats();
  private final Mailbox<RelayEvent> mailbox = new Mailbox<>();
  private final Ledger ledger = new Ledger();
  private final HoldTime hold;
  private final Intake intake;
  private final Ledger.SettleListener onAccepted = this::accepted;
  private final Predicate<Ledger.Entry> due = this::due;
  private final Thread thread;

  // Of the relay's own thread from here on.
  private @Nullable Sink sink;
  private int sinkEpoch;
  private boolean sinkAlive;
  private boolean sinkProved;
  private boolean sourceProved;
  private int refusalsInARow;
  private long sendAgainAt = Long.MIN_VALUE;
  private boolean draining;
  private @Nullable CompletableFuture<@Nullable Void> drained;
  private boolean ended;
  private boolean anyAccepted;
  private boolean tellEach;
  private volatile Patience patience = Patience.NORMAL;
  private volatile boolean awaitsLife;
  private volatile Optional<String> refusal = Optional.empty();

  /**
   * What a relay is called, and how patient it is.
   *
   * @param name in logs: {@code to_ws}, {@code from_ws}
   * @param hold how long deliveries are held for a lost sink before a source that can has them back
   * @param caution how it deals with a peer of the sink that may hang up over a message; empty:
   *     none does
   */
  public record Settings(String name, Duration hold, Optional<Caution> caution) {}

  /**
   * How a relay deals with a peer that may hang up over a message.
   *
   * @param maxDeliveries how often a message is delivered before it can be given up, 1 or more
   * @param receiptGrace how long a confirmation is kept, room permitting, before it counts; zero:
   *     it counts at once
   * @param breakerAfter how many messages given up in a row open the circuit breaker; empty: none
   *     do
   */
  public record Caution(int maxDeliveries, Duration receiptGrace, OptionalInt breakerAfter) {}

  /** What the losses of the sink's connection are to be taken for. */
  public enum Patience {
    /** For losses. */
    NORMAL,
    /** For what the search for a poison message brings with it. */
    PROBING,
    /** For the doing of a service that refuses everything, and will for a while. */
    BREAKER_OPEN
  }

  /** Hears what a relay cannot mend by itself. Called by the relay's thread. */
  public interface Listener {

    /** A source could not be started; its connection is of no use. */
    void sourceFailed(BusException cause);

    /** A source was started. */
    void sourceStarted(Source source);

    /** A source has handed out its first delivery. */
    void sourceProved(Source source);

    /** A sink has confirmed its first message. */
    void sinkProved(Sink sink);

    /** The relay has ended, which is a bug. Nothing was settled that was not confirmed. */
    void relayFailed(Throwable cause);
  }

  /** A relay without a source or a sink yet. */
  public Relay(Settings settings, Timing timing, Listener listener) {
    this.name = settings.name();
    this.hold = new HoldTime(settings.hold());
    this.peer = settings.caution().map(SinkPeer::new);
    this.timing = timing;
    this.listener = listener;
    this.intake = new Intake(new RelayEvent.HandedOut(mailbox, timing), listener);
    this.thread = Thread.ofPlatform().daemon().name("relay-" + name).unstarted(this::run);
  }

  /** What it is called in logs. */
  String name() {
    return name;
  }

  /** Why nothing is given up any more, in a sentence, while the circuit breaker is open. */
  public Optional<String> refusal() {
    return refusal;
  }

  /** Whether there is a sink whose peer has not shown life yet. */
  public boolean awaitsLife() {
    return awaitsLife;
  }

  /** What losses of the sink's connection are to be taken for, as things stand. */
  public Patience patience() {
    return patience;
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
        askForSignOfLife();
        send();
        if (settle()) {
          send(); // what waited for others to be settled
        }
        startSource();
        giveBack();
        stats.inFlight(ledger.size());
        publishStanding();
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
          stats.inFlight(ledger.size());
          stats.received(delivery.redelivered());
          if (!sourceProved && intake.is(delivery.source())) {
            sourceProved = true;
            listener.sourceProved(delivery.source());
          }
        }
      }
      case RelayEvent.GaveUp() -> stats.rejected();
      case RelayEvent.Revoked() -> forgetRevoked();
      case RelayEvent.Alive(int epoch) -> {
        if (epoch == sinkEpoch) {
          onAlive();
        }
      }
      case RelayEvent.Confirmed(int epoch, long number, boolean multiple) -> {
        if (epoch == sinkEpoch) {
          onConfirmed(number, multiple);
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
        intake.up(up);
        sourceProved = false;
        startSource();
      }
      case RelayEvent.SourceDown() -> {
        intake.down();
        hold.end();
        forgetRevoked();
      }
      case RelayEvent.SinkUp(Sink up) -> onSinkUp(up);
      case RelayEvent.SinkDown(BusException cause) -> onSinkDown(cause);
      case RelayEvent.Drain(CompletableFuture<@Nullable Void> done) -> {
        draining = true;
        hold.end(); // no sink comes any more for what is held
        intake.stop();
        mailbox.put(new RelayEvent.LastDelivered(done));
      }
      case RelayEvent.LastDelivered(CompletableFuture<@Nullable Void> done) -> drained = done;
      case RelayEvent.End() -> ended = true;
    }
  }

  private void forgetRevoked() {
    ledger.forgetRevoked();
    peer.ifPresent(SinkPeer::forget);
  }

  private void onSinkUp(Sink up) {
    int epoch = ++sinkEpoch;
    sink = up;
    sinkAlive = peer.isEmpty();
    sinkProved = false;
    hold.end();
    up.start(new RelayEvent.ToMailbox(mailbox, epoch));
    peer.ifPresent(
        known -> {
          known.connected(timing.nanoTime());
          up.probe();
        });
    startSource();
  }

  private void onAlive() {
    sinkAlive = true;
    peer.flatMap(known -> known.alive(timing.nanoTime(), timing.now()))
        .ifPresent(verdict -> giveUp(verdict.entry(), verdict.rejection()));
    startSource();
  }

  private void onConfirmed(long number, boolean multiple) {
    long now = timing.nanoTime();
    long sentAt = ledger.confirmed(number, multiple, now);
    peer.ifPresent(known -> known.confirmed(sentAt, now));
    refusalsInARow = 0;
    if (!sinkProved && sink != null) {
      sinkProved = true;
      listener.sinkProved(sink);
      startSource();
    }
  }

  private void onSinkDown(BusException cause) {
    sinkEpoch++;
    sink = null;
    sinkAlive = false;
    if (cause.kind() == BusException.Kind.CLOSED_BY_PEER) {
      settle(_ -> true);
    }
    Ledger.Lost lost = ledger.sinkLost(peer.map(SinkPeer::keepsConfirmations).orElse(false));
    peer.flatMap(known -> known.lost(lost, cause, timing.nanoTime(), timing.now()))
        .ifPresent(rejection -> reject(lost.entries().getFirst(), rejection));
    refusalsInARow = 0;
    sendAgainAt = Long.MIN_VALUE;
    if (!intake.canGiveBack()) {
      intake.stop();
    } else if (!draining) {
      hold.begin(timing.nanoTime());
    }
  }

  /**
   * Starts the source when there is one, and a sink whose peer has shown life: with one delivery
   * until that peer has confirmed something on this connection, unless something is held for it.
   */
  private void startSource() {
    if (sink == null || !sinkAlive || draining) {
      return;
    }
    boolean withOne = peer.isPresent() && (!sinkProved || patienceNow() != Patience.NORMAL);
    if (!withOne) {
      intake.start();
    } else if (ledger.size() == 0) {
      intake.startWithOne();
    }
  }

  private void send() {
    long now = timing.nanoTime();
    if (sink == null || !sinkAlive || now < sendAgainAt) {
      return;
    }
    boolean any = false;
    for (Ledger.Entry entry = ledger.nextToSend(); entry != null; entry = ledger.nextToSend()) {
      if (peer.isPresent() && !peer.get().maySend(entry, ledger)) {
        break;
      }
      Delivery delivery = entry.delivery();
      if (delivery.message().size() > sink.maxMessageBytes()) {
        reject(entry, tooLarge(entry, sink.maxMessageBytes()));
        continue;
      }
      if (entry.attempts() > 0) {
        stats.resent();
      }
      ledger.sent(entry, sink.send(delivery.message()), now);
      any = true;
    }
    if (any) {
      sink.flush();
    }
  }

  private void askForSignOfLife() {
    Sink asked = sink;
    if (asked != null && peer.isPresent() && peer.get().asksForSignOfLife(timing.nanoTime())) {
      asked.probe();
    }
  }

  /** Gives whether anything was accepted. */
  private boolean settle() {
    peer.ifPresent(known -> known.settling(timing.nanoTime(), intake.window()));
    return settle(due);
  }

  private boolean settle(Predicate<Ledger.Entry> which) {
    tellEach = log.isDebugEnabled();
    anyAccepted = false;
    ledger.settle(which, onAccepted);
    return anyAccepted;
  }

  private boolean due(Ledger.Entry oldest) {
    return peer.isEmpty() || peer.get().due(oldest, ledger, !intake.isOfOne());
  }

  private void accepted(Ledger.Entry entry) {
    anyAccepted = true;
    int bytes = entry.delivery().message().size();
    long nanos = entry.confirmedAt() - entry.since();
    stats.accepted(bytes, nanos);
    if (peer.isPresent() && peer.get().delivered()) {
      log.atWarn()
          .addKeyValue("direction", name)
          .log("The service takes messages again; delivery goes on as usual");
    }
    if (tellEach) {
      log.atDebug()
          .addKeyValue("direction", name)
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
        Map.of(),
        Math.max(1, entry.attempts()),
        timing.now());
  }

  /** Gives up a message over which the peer hung up each time. */
  private void giveUp(Ledger.Entry entry, Rejection rejection) {
    reject(entry, rejection);
    peer.flatMap(known -> known.gaveUp(rejection))
        .ifPresent(sentence -> log.atError().addKeyValue("direction", name).log("{}", sentence));
  }

  private Patience patienceNow() {
    return peer.map(known -> known.patience(ledger.oldest())).orElse(Patience.NORMAL);
  }

  private void publishStanding() {
    patience = patienceNow();
    awaitsLife = sink != null && !sinkAlive;
    refusal = peer.flatMap(SinkPeer::refusal);
  }

  private void reject(Ledger.Entry entry, Rejection rejection) {
    log.atWarn()
        .addKeyValue("direction", name)
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
          .addKeyValue("direction", name)
          .log("The other side refuses messages for now (a full queue?); they are sent again");
    }
    sendAgainAt =
        timing.nanoTime() + AFTER_REFUSAL.pause(refusalsInARow, timing.random()).toNanos();
  }

  /**
   * Gives back what cannot be sent when the hold time is over. With a suspect among it, it is held
   * for longer, and one alone stays while the breaker is open: what is known of a message would be
   * forgotten with it.
   */
  private void giveBack() {
    long now = timing.nanoTime();
    if (sink != null || !intake.canGiveBack() || hold.lasts(now)) {
      return;
    }
    intake.stop();
    boolean suspectsHeld = hold.lastsForSuspects(now);
    if (ledger.size() == 0
        || (!draining && peer.isPresent() && peer.get().holds(ledger, suspectsHeld))) {
      return;
    }
    int givenBack = intake.giveBack(ledger);
    if (givenBack > 0) {
      peer.ifPresent(SinkPeer::forget);
      stats.requeued(givenBack);
      log.atInfo()
          .addKeyValue("direction", name)
          .addKeyValue("messages", givenBack)
          .log("Gave messages back to their queue, because there is nowhere to send them");
    }
  }

  private long nanosToNextTimer() {
    long now = timing.nanoTime();
    long next = FOREVER;
    if (sink == null) {
      next = earlier(next, hold.next(now), now);
    } else if (peer.isPresent()) {
      next = earlier(next, peer.get().asksAt(), now);
    }
    if (sendAgainAt > now) {
      next = earlier(next, sendAgainAt, now);
    }
    Ledger.Entry kept = ledger.oldestKept();
    if (kept != null && peer.isPresent()) {
      next = earlier(next, peer.get().dueAt(kept), now);
    }
    return next;
  }

  /** Nanoseconds from {@code now} to {@code at}, 1 or more, if they are fewer than {@code next}. */
  private static long earlier(long next, long at, long now) {
    return at == FOREVER ? next : Math.min(next, Math.max(1, at - now));
  }
}
