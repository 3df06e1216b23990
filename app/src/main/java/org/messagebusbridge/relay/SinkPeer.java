package org.messagebusbridge.relay;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.relay.Relay.Patience;

/**
 * What is known of a sink's peer that may hang up over a message: how fast it is ({@link
 * WireWindow}), over which message it hangs up ({@link PoisonDetector}), whether it does so over
 * any ({@link CircuitBreaker}); and so what may be sent, accepted or given up. Used by the relay's
 * thread; times are in nanoseconds of {@link Timing#nanoTime}.
 */
final class SinkPeer {
  private final PoisonDetector poison;
  private final CircuitBreaker breaker;
  private final WireWindow window = new WireWindow();
  private boolean experimentAsked;
  private long settlingAt;
  private long grace;
  private int roomForMessages = Integer.MAX_VALUE;
  private long roomForBytes = Long.MAX_VALUE;
  private Optional<String> refusal = Optional.empty();

  SinkPeer(Relay.Caution caution) {
    this.poison = new PoisonDetector(caution.maxDeliveries(), caution.receiptGrace());
    this.breaker = new CircuitBreaker(caution.breakerAfter());
  }

  /** There is a new connection. */
  void connected(long now) {
    window.reset();
    poison.connected(now);
    experimentAsked = false;
  }

  /** Whether the next one may be sent. */
  boolean maySend(Ledger.Entry next, Ledger ledger) {
    int outstanding = ledger.outstanding();
    return window.hasRoom(ledger.onTheWire())
        && (!breaker.isOpen() || outstanding == 0)
        && poison.maySend(next, outstanding);
  }

  /** A message was confirmed that was sent at that time, and all before it. */
  void confirmed(long sentAt, long now) {
    window.confirmed(sentAt, now);
  }

  /**
   * Begins to ask whether confirmations are {@linkplain #due due}.
   *
   * @param most what the source may have out, if there is one
   */
  void settling(long now, Optional<Source.Window> most) {
    settlingAt = now;
    grace = poison.graceNanos();
    most.ifPresent(
        room -> {
          roomForMessages = room.messages() / 2;
          roomForBytes = room.bytes() / 2;
        });
  }

  /**
   * Whether a confirmation that is kept counts now: when it has stood the grace, or when those that
   * are kept take more than half of the source's window. One that {@linkplain
   * PoisonDetector#mustStand must stand} stands the grace in any case.
   *
   * @param roomCounts whether the source may have its whole window out
   */
  boolean due(Ledger.Entry oldest, Ledger ledger, boolean roomCounts) {
    return grace == 0
        || settlingAt - oldest.confirmedAt() >= grace
        || (roomCounts
            && !poison.mustStand(oldest)
            && (ledger.kept() > roomForMessages || ledger.keptBytes() > roomForBytes));
  }

  /**
   * When {@link #due} is worth asking again of one that is kept: a little late, so that one wake-up
   * serves all that came about that time.
   */
  long dueAt(Ledger.Entry kept) {
    return kept.confirmedAt() + grace + grace / 8;
  }

  /**
   * A message was delivered: confirmed, and the confirmation kept long enough.
   *
   * @return whether the peer had refused everything until then
   */
  boolean delivered() {
    poison.delivered();
    boolean wellAgain = breaker.delivered();
    if (wellAgain) {
      refusal = Optional.empty();
    }
    return wellAgain;
  }

  /** Whether confirmations that are kept count for nothing when the connection breaks. */
  boolean keepsConfirmations() {
    return poison.graceNanos() > 0;
  }

  /**
   * The connection is lost.
   *
   * @return why the only message that was out is to be given up, if it is
   */
  Optional<Rejection> lost(Ledger.Lost lost, BusException cause, long now, Instant time) {
    return poison.lost(lost, cause, now, time).filter(_ -> !breaker.isOpen());
  }

  /** The peer has answered a ping: what is to be given up for it, if anything is. */
  Optional<PoisonDetector.Verdict> alive(long now, Instant time) {
    return poison.alive(now, time).filter(_ -> !breaker.isOpen());
  }

  /**
   * A message was given up because the peer hung up over it.
   *
   * @return the sentence that from now on nothing more is, if that is so
   */
  Optional<String> gaveUp(Rejection rejection) {
    if (!breaker.gaveUp()) {
      return Optional.empty();
    }
    refusal =
        Optional.of(
            "The service hangs up over every message ("
                + breaker.inARow()
                + " different ones in a row), so no more are given up: they wait in their queue,"
                + " and go on in order when it takes one again. Look at its credentials, quotas and"
                + " log. It said last: "
                + rejection.detail());
    return refusal;
  }

  /** That the peer refuses everything, in a sentence; empty: it does not. */
  Optional<String> refusal() {
    return refusal;
  }

  /** What losses of its connection are to be taken for. */
  Patience patience(Ledger.@Nullable Entry oldest) {
    if (breaker.isOpen()) {
      return Patience.BREAKER_OPEN;
    }
    return poison.probing(oldest) ? Patience.PROBING : Patience.NORMAL;
  }

  /** Whether an experiment has come to where the peer is to be asked for a sign of life, once. */
  boolean asksForSignOfLife(long now) {
    if (experimentAsked || now < poison.experimentEnds()) {
      return false;
    }
    experimentAsked = true;
    return true;
  }

  /** When that will be; {@link Long#MAX_VALUE}: never, as things stand. */
  long asksAt() {
    return experimentAsked ? Long.MAX_VALUE : poison.experimentEnds();
  }

  /**
   * Whether all that is unsettled is held when the hold time is over, for what is known of the
   * oldest would be forgotten: it is a suspect, or it is the only one and the breaker is open.
   *
   * @param suspects whether suspects are held
   */
  boolean holds(Ledger ledger, boolean suspects) {
    Ledger.Entry oldest = ledger.oldest();
    return oldest != null
        && ((suspects && poison.suspects(oldest)) || (breaker.isOpen() && ledger.size() == 1));
  }

  /** What was suspected is with its source again. */
  void forget() {
    poison.forget();
  }
}
