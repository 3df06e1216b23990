package org.messagebusbridge.relay;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.messagebusbridge.bus.BusException;

/**
 * When to connect to a bus again, and when to give up. Used by one thread; keeps count of one
 * side's attempts.
 *
 * <p>A failure that trying again cannot cure ({@link BusException.Kind#UNAUTHORIZED}, {@link
 * BusException.Kind#MISCONFIGURED}) is final at once as long as the side was never connected, so
 * that a mistake shows; later it counts like any other, for the other side may be in the middle of
 * a change. Credentials that are refused after they had worked are read again each time, and the
 * first such failure since the last connection does not count: they may have been changed.
 */
public final class RetryPolicy {
  private static final Duration SHORT_LIVED = Duration.ofSeconds(5);
  private static final Backoff AFTER_SHORT_LIVED =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

  private final int maxAttempts;
  private final Duration window;
  private final boolean endlessOnceConnected;
  private final Backoff backoff;
  private int attempts;
  private int failuresInARow;
  private int shortLivedInARow;
  private boolean everConnected;
  private boolean renewed;

  private RetryPolicy(
      int maxAttempts, Duration window, boolean endlessOnceConnected, Backoff backoff) {
    this.maxAttempts = maxAttempts;
    this.window = window;
    this.endlessOnceConnected = endlessOnceConnected;
    this.backoff = backoff;
  }

  /**
   * The Python service's rule for the WebSocket: {@code maxAttempts} attempts, then give up; a
   * connection that lasted longer than {@code window} is routine and resets the count. With both 0,
   * the first loss is final.
   */
  public static RetryPolicy counted(int maxAttempts, Duration window, Backoff backoff) {
    return new RetryPolicy(maxAttempts, window, false, backoff);
  }

  /** The rule for MQ: {@code maxAttempts} attempts at start; once connected, without end. */
  public static RetryPolicy boundedAtStart(int maxAttempts, Backoff backoff) {
    return new RetryPolicy(maxAttempts, Duration.ZERO, true, backoff);
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
    failuresInARow = 0;
    if (endlessOnceConnected) {
      attempts = 0;
    }
  }

  /** The attempts so far do not count. */
  public void forgive() {
    attempts = 0;
  }

  /** Whether the side was connected since the start. */
  public boolean everConnected() {
    return everConnected;
  }

  /** Whether the credentials are to be read again after this failure of an attempt. */
  public boolean wantsRenewal(BusException failure) {
    return everConnected && failure.kind() == BusException.Kind.UNAUTHORIZED;
  }

  /**
   * An attempt failed and the credentials were read again: how long to wait before the next one,
   * which is made at once the first time, or empty to give up.
   */
  public Optional<Duration> afterRenewal(BusException failure, RandomGenerator random) {
    if (renewed) {
      return afterFailure(failure, random);
    }
    renewed = true;
    attempts--;
    return Optional.of(Duration.ZERO);
  }

  /** An attempt failed: how long to wait before the next one, or empty to give up. */
  public Optional<Duration> afterFailure(BusException failure, RandomGenerator random) {
    failuresInARow++;
    if (!everConnected && isFinalAtStart(failure)) {
      return Optional.empty();
    }
    if (attemptsUsedUp()) {
      return Optional.empty();
    }
    Duration pause = backoff.pause(failuresInARow, random);
    Duration asked = failure.retryAfter().orElse(Duration.ZERO);
    return Optional.of(asked.compareTo(pause) > 0 ? asked : pause);
  }

  /**
   * A connection was lost after it had lasted so long: how long to wait before the next attempt, or
   * empty to give up. The first attempt is made at once, but for connections that are lost again
   * and again as soon as they stand.
   */
  public Optional<Duration> afterLoss(Duration lasted, RandomGenerator random) {
    boolean anyLossIsFinal = !endlessOnceConnected && maxAttempts == 0 && window.isZero();
    if (anyLossIsFinal) {
      return Optional.empty();
    }
    if (lasted.compareTo(window) > 0) {
      attempts = 0;
    } else if (attemptsUsedUp()) {
      return Optional.empty();
    }
    if (lasted.compareTo(SHORT_LIVED) > 0) {
      shortLivedInARow = 0;
    }
    return Optional.of(
        shortLivedInARow++ == 0
            ? Duration.ZERO
            : AFTER_SHORT_LIVED.pause(shortLivedInARow - 1, random));
  }

  private boolean attemptsUsedUp() {
    return !(endlessOnceConnected && everConnected) && attempts >= maxAttempts;
  }

  private static boolean isFinalAtStart(BusException failure) {
    return switch (failure.kind()) {
      case UNAUTHORIZED, MISCONFIGURED -> true;
      case UNAVAILABLE, MESSAGE_REFUSED, CLOSED_BY_PEER -> false;
    };
  }
}
