package org.messagebusbridge.bus;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with equal jitter: the n-th pause is {@code base * 2^(n-1)}, at most {@code
 * cap}, the second half of it drawn evenly. So many bridges do not come back at once, and a number
 * of attempts stands for a time.
 *
 * @param base the upper end of the first pause
 * @param cap the upper end of every pause
 * @see <a
 *     href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential
 *     Backoff And Jitter</a>
 */
public record Backoff(Duration base, Duration cap) {

  /** Half a second, doubling up to 30 seconds. */
  public static final Backoff STANDARD =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  public Backoff {
    if (!base.isPositive() || cap.compareTo(base) < 0) {
      throw new IllegalArgumentException("base must be positive and not above cap");
    }
  }

  /**
   * The pause before the next try.
   *
   * @param failures how many tries have failed in a row, 1 or more
   */
  public Duration pause(int failures, RandomGenerator random) {
    int doublings = Math.min(failures - 1, 30);
    long ceiling = Math.min(cap.toNanos(), saturatedShift(base.toNanos(), doublings));
    return Duration.ofNanos(ceiling - random.nextLong(ceiling / 2 + 1));
  }

  private static long saturatedShift(long value, int doublings) {
    return value > Long.MAX_VALUE >> doublings ? Long.MAX_VALUE : value << doublings;
  }
}
