package org.messagebusbridge.relay;

import java.time.Duration;

/**
 * How long deliveries are held for a lost sink before their source has them back: suspects of
 * {@link PoisonDetector} for longer, since what is known of them would be forgotten. Used by one
 * thread; times are in nanoseconds of {@link Timing#nanoTime}.
 */
final class HoldTime {
  /** At least: a service that crashed over a message has to start again. */
  private static final Duration FOR_SUSPECTS = Duration.ofMinutes(5);

  private final Duration hold;
  private long until = Long.MIN_VALUE;
  private long suspectsUntil = Long.MIN_VALUE;

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
    until = Long.MIN_VALUE;
    suspectsUntil = Long.MIN_VALUE;
  }

  /** Whether everything is held. */
  boolean lasts(long now) {
    return now < until;
  }

  /** Whether suspects are held. */
  boolean lastsForSuspects(long now) {
    return now < suspectsUntil;
  }

  /** When one of these ends next; {@link Long#MAX_VALUE}: neither lasts. */
  long next(long now) {
    if (lasts(now)) {
      return until;
    }
    return lastsForSuspects(now) ? suspectsUntil : Long.MAX_VALUE;
  }
}
