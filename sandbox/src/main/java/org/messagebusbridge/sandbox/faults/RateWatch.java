package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How fast messages arrive, looked at fifty times a second. Used by one thread. */
final class RateWatch {

  private static final long STEP_MILLIS = 20;
  private static final Duration WINDOW = Duration.ofMillis(200);
  private static final double FULL = 0.8;

  private final List<Tally> tallies;
  private double usual;

  private record Sample(long time, List<Integer> counts) {}

  /**
   * @param perSecond the rate that is meant to be, in each of the directions
   */
  RateWatch(int perSecond, List<Tally> tallies) {
    this.usual = perSecond;
    this.tallies = tallies;
  }

  /**
   * Looks what rate this machine gets to without a fault: what is less than meant becomes the
   * measure of a full rate.
   */
  void settle(Duration time) throws InterruptedException {
    Sample first = sample();
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    Sample last = sample();
    usual = Math.max(1, Math.min(usual, slowest(first, last)));
  }

  /**
   * Waits until messages arrive at the full rate again, in all directions.
   *
   * @param since on the scale of {@link System#nanoTime}
   * @return how long after {@code since} the first window of {@link #WINDOW} at full rate began;
   *     empty when there was none within the timeout
   */
  Optional<Duration> fullAgain(long since, Duration timeout) throws InterruptedException {
    Deque<Sample> samples = new ArrayDeque<>();
    long deadline = since + timeout.toNanos();
    while (System.nanoTime() - deadline < 0) {
      Sample now = sample();
      samples.addLast(now);
      while (now.time() - oldest(samples).time() >= WINDOW.toNanos()) {
        Sample begin = samples.removeFirst();
        if (slowest(begin, now) >= FULL * usual) {
          return Optional.of(Duration.ofNanos(begin.time() - since));
        }
      }
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    }
    return Optional.empty();
  }

  private static Sample oldest(Deque<Sample> samples) {
    return samples.getFirst();
  }

  private Sample sample() {
    return new Sample(System.nanoTime(), tallies.stream().map(Tally::received).toList());
  }

  private static double slowest(Sample first, Sample last) {
    double seconds = (last.time() - first.time()) / 1e9;
    Iterator<Integer> before = first.counts().iterator();
    return last.counts().stream()
        .mapToDouble(count -> (count - before.next()) / seconds)
        .min()
        .orElse(0);
  }
}
