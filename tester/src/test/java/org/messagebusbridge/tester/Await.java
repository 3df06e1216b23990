package org.messagebusbridge.tester;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for what another process will do. */
final class Await {

  private static final long DEADLINE = Duration.ofSeconds(60).toNanos();
  private static final long BETWEEN = Duration.ofMillis(20).toNanos();

  private Await() {}

  /**
   * Looks again and again until it is as it should be, for a minute.
   *
   * @param what for the error
   */
  static <T> T value(String what, Callable<T> look, Predicate<T> good) throws Exception {
    long begun = System.nanoTime();
    T seen = look.call();
    while (!good.test(seen)) {
      if (System.nanoTime() - begun > DEADLINE) {
        throw new AssertionError("waited in vain for " + what + "; it is: " + seen);
      }
      LockSupport.parkNanos(BETWEEN);
      seen = look.call();
    }
    return seen;
  }
}
