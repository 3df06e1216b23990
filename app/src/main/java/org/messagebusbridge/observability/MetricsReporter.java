package org.messagebusbridge.observability;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.messagebusbridge.bus.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the metrics of each interval, on a thread of its own, and those of the last when it is
 * closed. What could not be sent is not kept: the next interval that gets through reaches back to
 * the last one that did, so that counts and latencies are complete after an outage.
 */
public final class MetricsReporter {
  private static final Logger log = LoggerFactory.getLogger(MetricsReporter.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Supplier<Reading> readings;
  private final MetricsTarget target;
  private final Duration interval;
  private final Backoff backoff;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final ExportCounters counters;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();
  private boolean closing;

  // Of the reporter's own thread from its start on.
  private Reading before;
  private int failuresInARow;

  /**
   * Takes the first reading; sends nothing yet.
   *
   * @param interval between two calls; after failures it grows, up to a minute
   */
  public MetricsReporter(
      Supplier<Reading> readings,
      MetricsTarget target,
      Duration interval,
      ExportCounters counters) {
    this.readings = readings;
    this.target = target;
    this.interval = interval;
    this.backoff = new Backoff(interval, longer(interval, LONGEST_PAUSE));
    this.counters = counters;
    this.before = readings.get();
    this.thread = Thread.ofPlatform().daemon().name("metrics").unstarted(this::run);
  }

  /**
   * Sends that neither side is connected, which is so before a bridge runs, so that a mistake shows
   * at the start; waits for that.
   *
   * @throws ExportException when it cannot be sent
   */
  public static void open(MetricsTarget target) throws ExportException {
    target.put(
        Instant.now(),
        List.of(
            new Datum.Value("mq_connected", Metric.Unit.BOOLEAN, 0),
            new Datum.Value("ws_connected", Metric.Unit.BOOLEAN, 0)));
  }

  /** Begins to send, an interval from now. */
  public void start() {
    thread.start();
  }

  /** Begins to send what happened since the last call, for the last time. */
  public void beginToClose() {
    lock.lock();
    try {
      closing = true;
      told.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Sends what happened since the last call; waits for it at most so long. */
  public void close(Duration patience) throws InterruptedException {
    beginToClose();
    if (!thread.join(patience)) {
      thread.interrupt();
      log.atWarn().log("The last metrics were not taken in time and are lost");
    }
  }

  private void run() {
    try {
      while (!closingAfter(pause())) {
        report();
      }
      report();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean closingAfter(Duration pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = pause.toNanos();
      while (!closing && left > 0) {
        left = told.awaitNanos(left);
      }
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private Duration pause() {
    return failuresInARow == 0 ? interval : backoff.pause(failuresInARow + 1, random);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Sends what happened since the last call that got through. */
  void report() {
    try {
      report(readings.get());
    } catch (RuntimeException | Error e) {
      counters.callFailed();
      if (failuresInARow++ == 0) {
        log.atError().setCause(e).log("Metrics could not be sent, which is a bug");
      }
    }
  }

  private void report(Reading now) {
    try {
      target.put(now.time(), Metrics.between(before, now));
      before = now;
      if (failuresInARow > 0) {
        log.atInfo().addKeyValue("failed_calls", failuresInARow).log("Metrics are taken again");
      }
      failuresInARow = 0;
    } catch (ExportException e) {
      counters.callFailed();
      if (e.kind() == ExportException.Kind.BAD_CONTENT) {
        before = now;
      }
      if (failuresInARow++ == 0) {
        log.atWarn().log(e.sentence());
      }
      log.atDebug().setCause(e).log("Metrics were not taken");
    }
  }
}
