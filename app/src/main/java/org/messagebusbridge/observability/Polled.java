package org.messagebusbridge.observability;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest answer to a question that takes its time: asked again and again on a thread of its
 * own, so that nobody else waits for it.
 */
public final class Polled<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Polled.class);
  private static final int LASTS_INTERVALS = 3;

  private final Supplier<Optional<T>> question;
  private final Duration interval;
  private final Thread thread;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile @Nullable Answer<T> latest;

  private record Answer<T>(Optional<T> value, long at) {}

  /**
   * Asks when {@link #latest} is called for the first time, and then again at each interval.
   *
   * @param name of the thread
   */
  public Polled(String name, Supplier<Optional<T>> question, Duration interval) {
    this.question = question;
    this.interval = interval;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  /** The latest answer; empty when there is none, or it is three intervals old. */
  public Optional<T> latest() {
    if (begun.compareAndSet(false, true)) {
      thread.start();
    }
    Answer<T> answer = latest;
    long tooOld = interval.toNanos() * LASTS_INTERVALS;
    return answer == null || System.nanoTime() - answer.at > tooOld
        ? Optional.empty()
        : answer.value;
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        ask();
        Thread.sleep(interval);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() {
    try {
      Optional<T> value = question.get();
      latest = new Answer<>(value, System.nanoTime());
    } catch (RuntimeException | Error e) {
      log.atDebug().setCause(e).log("There is no answer this time");
    }
  }

  /** Asks no more; does not wait. */
  @Override
  public void close() {
    begun.set(true);
    thread.interrupt();
  }
}
