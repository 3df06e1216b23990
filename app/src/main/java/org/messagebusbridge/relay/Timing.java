package org.messagebusbridge.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** Time and chance, given from outside so that a test need not wait for either. */
public interface Timing {

  /** Nanoseconds of a clock that never steps, as {@link System#nanoTime}. */
  long nanoTime();

  /** The time of day. */
  Instant now();

  /** Waits. */
  void pause(Duration duration) throws InterruptedException;

  /** Where jitter comes from. */
  RandomGenerator random();

  /** The machine's own. */
  static Timing system() {
    return new Timing() {
      private final RandomGenerator random = RandomGenerator.getDefault();

      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public Instant now() {
        return Instant.now();
      }

      @Override
      public void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
      }

      @Override
      public RandomGenerator random() {
        return random;
      }
    };
  }
}
