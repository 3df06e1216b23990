package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long it took each time until messages flowed at the full rate again. Used by one thread. */
final class Recoveries {

  private static final Duration TIME_TO_FLOW = Duration.ofSeconds(5);
  private static final Duration TIME_TO_RECOVER = Duration.ofSeconds(45);

  private final RateWatch watch;
  private final List<Duration> times = new ArrayList<>();
  private int missing;

  Recoveries(RateWatch watch) {
    this.watch = watch;
  }

  /** Waits until the load that was begun flows at the rate that this machine gets to. */
  void awaitFlow() throws InterruptedException {
    if (watch.fullAgain(System.nanoTime(), TIME_TO_FLOW).isEmpty()) {
      watch.settle(Duration.ofSeconds(1)); // a machine that is too busy for the full rate
    }
  }

  /**
   * Waits for the next one and notes how long it took, or that it did not come.
   *
   * @param since when it was due from, on the scale of {@link System#nanoTime}
   */
  void await(long since) throws InterruptedException {
    watch.fullAgain(since, TIME_TO_RECOVER).ifPresentOrElse(times::add, () -> missing++);
  }

  /** Each one that came, in order. */
  List<Duration> times() {
    return List.copyOf(times);
  }

  /** Whether one in twenty at most took longer than this. */
  boolean areWithin(Duration limit) {
    return slow(limit) <= times.size() / 20;
  }

  /** How many took longer than this, of how many. */
  String slower(Duration limit) {
    return "%d of %d took longer than %d ms".formatted(slow(limit), times.size(), limit.toMillis());
  }

  private long slow(Duration limit) {
    return times.stream().filter(time -> time.compareTo(limit) > 0).count();
  }

  /** How many did not come. */
  int missing() {
    return missing;
  }
}
