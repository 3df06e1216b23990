package org.messagebusbridge.relay;

import java.time.Duration;

/**
 * How long deliveries are held for a lost sink before their source has them back: suspects of
 * {@link PoisonDetector} for longer, since what is known of them would be forgotten. Used by one
 * thread; times are in nanoseconds of {@link Timing#nanoTime}.
 */
final class HoldTime {
  private static final long NEVER = Long.MAX_VALUE;

  /** At least: a service that crashed over a message has to start again. */
  private static final Duration FOR_SUSPECTS = Duration.ofMinutes(5);

  private final Duration hold;
  private long until = NEVER;
  private long suspectsUntil = NEVER;

  HoldTime(Duration hold) {
    this.hold = hold;
  }

  /** The sink is lost. */
  void begin(long now) {
    until = now + hold.toNanos();
    suspectsUntil = Math.max(until, now + FOR_SUSPECTS.toNanos());
  }

  /** There is a sink again, or there will be none. */
  void end() {
    until = NEVER;
    suspectsUntil = NEVER;
  }

  /** Whether everything is held. */
  boolean lasts(long now) {
    return until != NEVER && now < until;
  }

  /** Whether it has begun and is over by now; says so once. */
  boolean isOver(long now) {
    boolean over = until != NEVER && now >= until;
    if (over) {
      until = NEVER;
    }
    return over;
  }

  /** Whether suspects are held. */
  boolean lastsForSuspects(long now) {
    return suspectsUntil != NEVER && now < suspectsUntil;
  }

  /** When one of these changes next; {@link Long#MAX_VALUE}: not by itself. */
  long next(long now) {
    return Math.min(until, suspectsUntil > now ? suspectsUntil : NEVER);
  }
}
