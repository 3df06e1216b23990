package org.messagebusbridge.tester;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C (SIGINT, SIGTERM, SIGHUP) end a run in order: the process does not end before the
 * run's thread has given back what it holds and has printed its summary, or 10 s have passed. The
 * exit code is the signal's own then: 130 for Ctrl-C.
 */
final class StopSignal implements AutoCloseable {

  private static final Duration TIME_TO_END = Duration.ofSeconds(10);

  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean come;

  private StopSignal(TestRun run) {
    hook = new Thread(() -> stop(run), "stop-signal");
  }

  /** Ends the run when a signal comes, as long as the result is not closed. */
  static StopSignal stopping(TestRun run) {
    StopSignal signal = new StopSignal(run);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  private void stop(TestRun run) {
    come = true;
    if (!run.interrupt()) {
      return;
    }
    try {
      over.await(TIME_TO_END.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
    if (!come) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // the signal came this moment: its hook finds the run over
      }
    }
  }
}
