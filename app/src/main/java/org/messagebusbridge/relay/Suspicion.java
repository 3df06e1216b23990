package org.messagebusbridge.relay;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Rejection;

/**
 * Finds the message over which a peer closes or crashes. After a refusing close, or {@value
 * #FAILURES_BEFORE_PROBING} abnormal ones in a row without any progress, the messages that were on
 * the wire are suspects and go one at a time, so that the next close names its culprit:
 *
 * <ul>
 *   <li>one that was alone on the wire at as many refusing closes as it may be delivered is given
 *       up;
 *   <li>an abnormal close does not count, for a flapping network must not condemn good messages;
 *       only one that was alone on the wire at {@value #FAILURES_ALONE} of them in a row is given
 *       up too.
 * </ul>
 *
 * <p>Used by one thread.
 */
final class Suspicion {
  static final int FAILURES_BEFORE_PROBING = 3;
  static final int FAILURES_ALONE = 20;

  private final int maxDeliveries;
  private long lastSuspect = -1;
  private int failuresWithoutProgress;
  private Ledger.@Nullable Entry alone;
  private int refusalsAlone;
  private int failuresAlone;

  /**
   * @param maxDeliveries how often a message that is refused is tried, 1 or more
   */
  Suspicion(int maxDeliveries) {
    this.maxDeliveries = maxDeliveries;
  }

  /** Whether this one may be sent only when nothing else is on the wire. */
  boolean goesAlone(Ledger.Entry entry) {
    return entry.position() <= lastSuspect;
  }

  /** Whether there are suspects left, of which {@code next} is the oldest that is not confirmed. */
  boolean probing(Ledger.@Nullable Entry next) {
    return next != null && goesAlone(next);
  }

  /** The peer has confirmed something. */
  void progress() {
    failuresWithoutProgress = 0;
  }

  /**
   * The sink's connection is gone.
   *
   * @param onTheWire what it had been sent and had not confirmed, oldest first
   * @return why the only one of them is to be given up, if it is
   */
  Optional<Rejection> lost(List<Ledger.Entry> onTheWire, BusException cause, Instant now) {
    if (onTheWire.isEmpty()) {
      return Optional.empty();
    }
    boolean refused = cause.kind() == BusException.Kind.MESSAGE_REFUSED;
    boolean failed = cause.kind() == BusException.Kind.UNAVAILABLE;
    if (failed) {
      failuresWithoutProgress++;
    }
    if (refused || failuresWithoutProgress >= FAILURES_BEFORE_PROBING) {
      lastSuspect = Math.max(lastSuspect, onTheWire.getLast().position());
    }
    if (onTheWire.size() > 1) {
      alone = null;
      return Optional.empty();
    }
    Ledger.Entry only = onTheWire.getFirst();
    if (!only.equals(alone)) {
      alone = only;
      refusalsAlone = 0;
      failuresAlone = 0;
    }
    refusalsAlone += refused ? 1 : 0;
    failuresAlone = failed ? failuresAlone + 1 : 0;
    if (refusalsAlone >= maxDeliveries) {
      return Optional.of(
          rejection(Rejection.Reason.REFUSED, cause, cause.closeCode(), only.attempts(), now));
    }
    if (failuresAlone >= FAILURES_ALONE) {
      return Optional.of(
          rejection(
              Rejection.Reason.PEER_FAILED, cause, OptionalInt.empty(), only.attempts(), now));
    }
    return Optional.empty();
  }

  private static Rejection rejection(
      Rejection.Reason reason, BusException cause, OptionalInt code, int attempts, Instant now) {
    return new Rejection(reason, cause.sentence(), code, attempts, now);
  }
}
