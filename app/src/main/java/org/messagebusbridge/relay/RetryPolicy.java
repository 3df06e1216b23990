package org.messagebusbridge.relay;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.messagebusbridge.bus.Backoff;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.relay.Relay.Patience;

/**
 * When to connect to a bus again, and when to give up. Used by one thread; keeps count of one
 * side's attempts.
 *
 * <p>What counts is what a connection has achieved: one on which nothing was delivered or confirmed
 * is a failure like one that was refused, and the pauses between attempts grow until one achieves
 * something or lasts for long enough to be routine.
 *
 * <p>A failure that trying again cannot cure ({@link BusException.Kind#UNAUTHORIZED}, {@link
 * BusException.Kind#MISCONFIGURED}) is final at once as long as the side has never let the bridge
 * work, so that a mistake shows; later it counts like any other, for the other side may be in the
 * middle of a change. Credentials that are refused after they had worked are read again each time,
 * and the first such failure since the last connection does not count: they may have been changed.
 */
public final class RetryPolicy {
  private static final Duration SHORT_LIVED = Duration.ofSeconds(5);

  /** What a connection lasts for to be routine, where the configuration does not say it. */
  private static final Duration ROUTINE = Duration.ofSeconds(60);

  private static final Backoff AFTER_SHORT_LIVED =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
  private static final Backoff BREAKER_OPEN =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

  private final int maxAttempts;
  private final Duration window;
  private final boolean endlessOnceConnected;
  private final Backoff backoff;
  private final String limit;
  private int attempts;
  private int failuresInARow;
  private int shortLivedInARow;
  private int lossesWithBreakerOpen;
  private boolean everConnected;
  private boolean everAllowed;
  private boolean renewed;

  /**
   * A connection that was lost.
   *
   * @param cause why
   * @param lasted for how long it stood
   * @param confirmed whether its sink has confirmed anything
   * @param delivered whether its source has delivered anything
   */
  public record Loss(BusException cause, Duration lasted, boolean confirmed, boolean delivered) {

    /** Whether it was of use. One that says a word and hangs up is not. */
    private boolean achieved() {
      return cause.kind() != BusException.Kind.MISCONFIGURED
          && (confirmed || (delivered && lasted.compareTo(SHORT_LIVED) > 0));
    }
  }

  private RetryPolicy(
      int maxAttempts,
      Duration window,
      boolean endlessOnceConnected,
      Backoff backoff,
      String limit) {
    this.maxAttempts = maxAttempts;
    this.window = window;
    this.endlessOnceConnected = endlessOnceConnected;
    this.backoff = backoff;
    this.limit = limit;
  }

  /**
   * {@code maxAttempts} attempts, then give up; a connection that achieved something or lasted
   * longer than {@code window} is routine and resets the count. With both 0, the first loss is
   * final.
   *
   * @param limit the configuration's name for {@code maxAttempts}
   */
  public static RetryPolicy counted(
      int maxAttempts, Duration window, Backoff backoff, String limit) {
    return new RetryPolicy(maxAttempts, window, false, backoff, limit);
  }

  /**
   * {@code maxAttempts} attempts at start; once connected, without end.
   *
   * @param limit the configuration's name for {@code maxAttempts}
   */
  public static RetryPolicy boundedAtStart(int maxAttempts, Backoff backoff, String limit) {
    return new RetryPolicy(maxAttempts, Duration.ZERO, true, backoff, limit);
  }

  /** The configuration's name for the number of attempts. */
  String limit() {
    return limit;
  }

  /** Which attempt the next one is: 1 for the first since the start or the last routine loss. */
  public int nextAttempt() {
    return attempts + 1;
  }

  /** An attempt begins. */
  public void attempting() {
    attempts++;
  }

  /** The attempt succeeded. */
  public void connected() {
    everConnected = true;
    renewed = false;
  }

  /** The side lets the bridge work: its source was started. */
  public void allowed() {
    everAllowed = true;
  }

  /** The attempts so far do not count. */
  public void forgive() {
    attempts = 0;
  }

  /** Whether the side has not let the bridge work since the start. */
  public boolean neverAllowed() {
    return !everAllowed;
  }

  /** Whether the credentials are to be read again after this failure of an attempt. */
  public boolean wantsRenewal(BusException failure) {
    return everConnected && failure.kind() == BusException.Kind.UNAUTHORIZED;
  }

  /**
   * An attempt failed and the credentials were read again: how long to wait before the next one,
   * which is made at once the first time, or empty to give up.
   */
  public Optional<Duration> afterRenewal(
      BusException failure, Patience patience, RandomGenerator random) {
    if (renewed) {
      return afterFailure(failure, patience, random);
    }
    renewed = true;
    attempts--;
    return Optional.of(Duration.ZERO);
  }

  /** An attempt failed: how long to wait before the next one, or empty to give up. */
  public Optional<Duration> afterFailure(
      BusException failure, Patience patience, RandomGenerator random) {
    if (!everConnected && isFinalAtStart(failure)) {
      return Optional.empty();
    }
    if (patience == Patience.BREAKER_OPEN) {
      return withBreakerOpen(random);
    }
    if (attemptsUsedUp()) {
      return Optional.empty();
    }
    Duration pause = backoff.pause(++failuresInARow, random);
    Duration asked = failure.retryAfter().orElse(Duration.ZERO);
    return Optional.of(asked.compareTo(pause) > 0 ? asked : pause);
  }

  /**
   * A connection was lost: how long to wait before the next attempt, or empty to give up. After one
   * that was of use the first attempt is made at once, but for connections that are lost again and
   * again as soon as they stand.
   */
  public Optional<Duration> afterLoss(Loss loss, Patience patience, RandomGenerator random) {
    boolean anyLossIsFinal = !endlessOnceConnected && maxAttempts == 0 && window.isZero();
    if (anyLossIsFinal || (!everAllowed && isFinalAtStart(loss.cause()))) {
      return Optional.empty();
    }
    if (patience == Patience.BREAKER_OPEN) {
      return withBreakerOpen(random);
    }
    lossesWithBreakerOpen = 0;
    if (patience == Patience.PROBING) {
      attempts = 0;
      return Optional.of(AFTER_SHORT_LIVED.pause(++shortLivedInARow, random));
    }
    boolean routine = loss.lasted().compareTo(window.isZero() ? ROUTINE : window) > 0;
    boolean achieved = loss.achieved();
    if (achieved || (endlessOnceConnected ? routine : loss.lasted().compareTo(window) > 0)) {
      attempts = 0;
    } else if (attemptsUsedUp()) {
      return Optional.empty();
    }
    if (!achieved && !routine) {
      return Optional.of(backoff.pause(++failuresInARow, random));
    }
    failuresInARow = 0;
    if (loss.lasted().compareTo(SHORT_LIVED) > 0) {
      shortLivedInARow = 0;
    }
    return Optional.of(
        shortLivedInARow++ == 0
            ? Duration.ZERO
            : AFTER_SHORT_LIVED.pause(shortLivedInARow - 1, random));
  }

  private Optional<Duration> withBreakerOpen(RandomGenerator random) {
    attempts = 0;
    return Optional.of(BREAKER_OPEN.pause(++lossesWithBreakerOpen, random));
  }

  private boolean attemptsUsedUp() {
    return !(endlessOnceConnected && everConnected) && attempts >= maxAttempts;
  }

  /** Whether only a change of the configuration can cure it, and that was so from the start. */
  boolean isMistake(BusException failure) {
    return neverAllowed() && isFinalAtStart(failure);
  }

  private static boolean isFinalAtStart(BusException failure) {
    return switch (failure.kind()) {
      case UNAUTHORIZED, MISCONFIGURED -> true;
      case UNAVAILABLE, MESSAGE_REFUSED, CLOSED_BY_PEER -> false;
    };
  }
}
