package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/** For how long, in all, there was more than one of something, looked at every few milliseconds. */
final class OverlapWatch implements AutoCloseable {

  private static final long STEP_MILLIS = 5;

  private final IntSupplier count;
  private final Thread thread;
  private final AtomicLong nanos = new AtomicLong();

  OverlapWatch(IntSupplier count) {
    this.count = count;
    this.thread = Thread.ofVirtual().name("faults-overlap").start(this::run);
  }

  /** So far. */
  Duration time() {
    return Duration.ofNanos(nanos.get());
  }

  private void run() {
    try {
      long last = System.nanoTime();
      while (true) {
        TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
        long now = System.nanoTime();
        if (count.getAsInt() > 1) {
          nanos.addAndGet(now - last);
        }
        last = now;
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
