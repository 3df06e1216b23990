package org.messagebusbridge.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Rejection;

/**
 * Finds the message over which a peer hangs up, by experiment: real services refuse a message with
 * any close code or none, and refuse whole sessions as well, so neither says which it was.
 *
 * <pre>
 *   innocent --(2 losses with nothing delivered between)--> suspects
 *   suspects --(those with a confirmation first, then the one after them; or half of them, then the other half)--> one alone
 *   alone    --(as many losses as it may be delivered)--> experiment: a connection without it
 *   experiment --(stands longer than the losses took, and answers a ping)--> given up
 *              --(is lost as well)--> it was not the message; sent again, as any other
 * </pre>
 *
 * <p>A close that says by its code that it refuses a message needs no experiment. Used by one
 * thread; times are in nanoseconds of {@link Timing#nanoTime}.
 */
final class PoisonDetector {
  private static final int LOSSES_BEFORE_SUSPICION = 2;

  private final int maxDeliveries;
  private final Duration grace;

  private long connectedAt;
  private int lossesWithoutDelivery;
  private long lastSuspect = -1;
  private long lastToStand = -1;
  private long groupEnd;

  /** The first one without a confirmation when the connection was lost; -1: all had one. */
  private long likeliest = -1;

  private Ledger.@Nullable Entry alone;
  private int lossesAlone;
  private int refusalsAlone;
  private long longestLoss;
  private @Nullable BusException lastLoss;
  private boolean experiment;

  /** How long a connection without any suspect lasted that was lost all the same; 0: none was. */
  private long lostAllTheSame;

  /**
   * @param maxDeliveries how often a message may be delivered before it is given up, 1 or more
   * @param grace how long a confirmation is kept before it counts
   */
  PoisonDetector(int maxDeliveries, Duration grace) {
    this.maxDeliveries = maxDeliveries;
    this.grace = grace;
  }

  /** There is a new connection. */
  void connected(long now) {
    connectedAt = now;
    groupEnd = -1;
  }

  /**
   * How long a confirmation is kept before it counts, in nanoseconds: less where connections are
   * known not to last.
   */
  long graceNanos() {
    long configured = grace.toNanos();
    return lostAllTheSame == 0 ? configured : Math.min(configured, lostAllTheSame / 4);
  }

  /** Whether this one is among those over one of which the peer may have hung up. */
  boolean suspects(Ledger.Entry entry) {
    return entry.position() <= lastSuspect;
  }

  /**
   * Whether the confirmation of this one counts no earlier than after the whole grace: it was on a
   * connection that the peer closed with an error, or on one of several lost in a row. A network
   * that was cut once says nothing about what was confirmed since, nor does a peer that went in
   * order.
   */
  boolean mustStand(Ledger.Entry entry) {
    return entry.position() <= lastToStand;
  }

  /** Whether the peer is being found out about: losses are then to be expected. */
  boolean probing(Ledger.@Nullable Entry oldest) {
    return oldest != null && suspects(oldest) && lostAllTheSame == 0;
  }

  /**
   * Whether the next one may be sent.
   *
   * @param outstanding how many were sent on this connection and are not settled yet
   */
  boolean maySend(Ledger.Entry next, int outstanding) {
    if (experiment) {
      return false;
    }
    if (outstanding == 0) {
      groupEnd = groupFrom(next.position(), groupEnd >= 0);
    }
    return next.position() <= groupEnd;
  }

  /**
   * The last one of the group that begins with this one.
   *
   * @param another whether a group was delivered on this connection already: then all the rest goes
   */
  private long groupFrom(long first, boolean another) {
    long suspects = lastSuspect - first + 1;
    if (suspects <= 0) {
      return Long.MAX_VALUE;
    }
    if (first <= likeliest) {
      return Math.max(first, likeliest - 1);
    }
    return another ? lastSuspect : first + Math.max(1, suspects / 2) - 1;
  }

  /** A message was delivered: confirmed, and the confirmation kept long enough. */
  void delivered() {
    lossesWithoutDelivery = 0;
    if (alone != null) {
      forget();
    }
  }

  /** What was suspected is no longer here: its source has it back. */
  void forget() {
    alone = null;
    experiment = false;
    lossesAlone = 0;
    refusalsAlone = 0;
    longestLoss = 0;
  }

  /**
   * The connection is lost.
   *
   * @param lost what was sent on it and is not settled
   * @return why the only one of these is to be given up, if it is
   */
  Optional<Rejection> lost(Ledger.Lost lost, BusException cause, long now, Instant time) {
    List<Ledger.Entry> outstanding = lost.entries();
    long lasted = now - connectedAt;
    if (lasted > 2 * grace.toNanos()) {
      lostAllTheSame = 0;
    }
    if (outstanding.isEmpty()) {
      if (experiment) {
        acquit(lasted);
      }
      return Optional.empty();
    }
    boolean refused = cause.kind() == BusException.Kind.MESSAGE_REFUSED;
    lossesWithoutDelivery++;
    boolean inARow = lossesWithoutDelivery >= LOSSES_BEFORE_SUSPICION;
    boolean objected =
        !cause.details().isEmpty() && cause.kind() != BusException.Kind.CLOSED_BY_PEER;
    if (objected || inARow) {
      lastToStand = Math.max(lastToStand, outstanding.getLast().position());
    }
    if (inARow) {
      lastSuspect = outstanding.getLast().position();
      likeliest =
          lost.confirmed() < outstanding.size() ? outstanding.get(lost.confirmed()).position() : -1;
    }
    Ledger.Entry oldest = outstanding.getFirst();
    if (outstanding.size() > 1) {
      forget();
      return Optional.empty();
    }
    if (!oldest.equals(alone)) {
      forget();
      alone = oldest;
    }
    lossesAlone++;
    refusalsAlone += refused ? 1 : 0;
    longestLoss = Math.max(longestLoss, lasted);
    lastLoss = cause;
    if (refusalsAlone >= maxDeliveries) {
      return Optional.of(rejection(Rejection.Reason.REFUSED, oldest, cause, time));
    }
    experiment = lossesAlone >= maxDeliveries;
    return Optional.empty();
  }

  /** The connection without the suspect did no better: it was not the message. */
  private void acquit(long lasted) {
    forget();
    lostAllTheSame = Math.max(1, lasted);
  }

  /**
   * When the connection without the suspect will have stood for long enough, if there is one: it is
   * to answer a ping from then on.
   */
  long experimentEnds() {
    return experiment ? connectedAt + longestLoss + longestLoss / 2 : Long.MAX_VALUE;
  }

  /** The peer has answered a ping: the one to be given up for it, if there is one. */
  Optional<Verdict> alive(long now, Instant time) {
    Ledger.Entry suspect = alone;
    BusException cause = lastLoss;
    if (suspect == null || cause == null || now < experimentEnds()) {
      return Optional.empty();
    }
    Rejection rejection = rejection(Rejection.Reason.PEER_FAILED, suspect, cause, time);
    forget();
    return Optional.of(new Verdict(suspect, rejection));
  }

  /** What the experiment has shown. */
  record Verdict(Ledger.Entry entry, Rejection rejection) {}

  private static Rejection rejection(
      Rejection.Reason reason, Ledger.Entry entry, BusException cause, Instant time) {
    return new Rejection(reason, cause.sentence(), cause.details(), entry.attempts(), time);
  }
}
