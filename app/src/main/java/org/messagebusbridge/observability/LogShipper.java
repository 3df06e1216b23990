package org.messagebusbridge.observability;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Backoff;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * Sends the log elsewhere, in batches, one call at a time, on a thread of its own. While that
 * fails, what is logged is kept, up to 10 MiB; whoever logs never waits. What goes wrong, and what
 * can not be delivered at the end, is told where the log went before.
 */
public final class LogShipper {
  private static final long CAPACITY = 10L << 20;
  private static final Duration LINGER = Duration.ofSeconds(1);
  private static final Duration PAUSE_AT_THE_END = Duration.ofMillis(200);

  /** For a call that was interrupted to end. */
  private static final Duration INTERRUPTED = Duration.ofSeconds(1);

  private static final String DROPPED =
      "Log events were dropped, because more was logged than could be sent or kept";
  private static final String REJECTED =
      "Log events were not taken because they are too old or too new; check the clock";

  private final LogBuffer buffer;
  private final LogTarget target;
  private final LogSetup.Console console;
  private final ExportCounters counters;
  private final Duration linger;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final Thread thread;
  private final List<LogEntry> toldHere = new CopyOnWriteArrayList<>();
  private int failuresInARow;
  private boolean toldOfDropping;
  private boolean toldOfRejecting;
  private volatile boolean givenUp;

  LogShipper(
      LogBuffer buffer,
      LogTarget target,
      LogSetup.Console console,
      ExportCounters counters,
      Duration linger) {
    this.buffer = buffer;
    this.target = target;
    this.console = console;
    this.counters = counters;
    this.linger = linger;
    this.thread = Thread.ofPlatform().daemon().name("log-shipper").unstarted(this::run);
  }

  /** The log as it is being redirected: what is logged from then on is kept until it is sent. */
  public static final class Redirected {
    private final LogBuffer buffer = new LogBuffer(CAPACITY, LogBuffer.Limits.CLOUDWATCH);
    private final LogSetup.Console console;

    private Redirected() {
      console = LogSetup.redirect(this::keep);
    }

    /** Who was about to log while the end came finds the buffer closed. */
    private void keep(LogEvent event) {
      if (!buffer.add(LogEntry.of(event))) {
        console.write(event);
      }
    }

    /** Begins to send what was logged since. */
    public LogShipper shipTo(LogTarget target, ExportCounters counters) {
      LogShipper shipper = new LogShipper(buffer, target, console, counters, LINGER);
      shipper.start();
      return shipper;
    }

    /** Lets the log go where it went before, and what was logged meanwhile. */
    public void back() {
      console.restore();
      buffer.takeAll().forEach(console::print);
    }
  }

  /** From now on the log is kept, until {@link Redirected#shipTo} says for whom. */
  public static Redirected redirect() {
    return new Redirected();
  }

  void start() {
    thread.start();
  }

  /**
   * Sends what there is, waiting for that at most so long, and lets the log go where it went
   * before; there goes, too, what could not be sent.
   */
  public void close(Duration patience) throws InterruptedException {
    buffer.hurry();
    if (!thread.join(patience)) {
      givenUp = true;
      thread.interrupt();
      thread.join(INTERRUPTED);
    }
    console.restore();
    long dropped = buffer.takeDropped();
    if (dropped > 0) {
      counters.logEventsLost(dropped);
      write(Level.WARN, DROPPED, new KeyValuePair("events", dropped));
    }
    List<LogEntry> left =
        buffer.takeAll().stream().filter(entry -> !toldHere.contains(entry)).toList();
    if (!left.isEmpty()) {
      counters.logEventsLost(left.size());
      write(
          Level.WARN,
          "The log could not be sent to its end; what is left of it follows",
          new KeyValuePair("events", left.size()));
      left.forEach(console::print);
    }
  }

  private void run() {
    try {
      for (List<LogEntry> batch = buffer.take(linger);
          !batch.isEmpty();
          batch = buffer.take(linger)) {
        if (!deliver(batch)) {
          return;
        }
        buffer.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tries until it is done with; gives up only at the end, when trying again is of no use. */
  private boolean deliver(List<LogEntry> batch) throws InterruptedException {
    while (!Thread.currentThread().isInterrupted()) {
      ExportException failure = attempt(batch);
      if (failure == null) {
        return true;
      }
      if (givenUp) {
        return false;
      }
      counters.callFailed();
      if (failure.kind() == ExportException.Kind.BAD_CONTENT) {
        lost(batch.size(), failure.sentence());
        return true;
      }
      if (failuresInARow++ == 0) {
        tell(Level.WARN, failure.sentence());
      }
      tellDroppingBegan();
      boolean atTheEnd = buffer.awaitHurry(Backoff.STANDARD.pause(failuresInARow, random));
      if (atTheEnd) {
        if (failure.kind() == ExportException.Kind.REFUSED) {
          return false;
        }
        Thread.sleep(PAUSE_AT_THE_END);
      }
    }
    return false;
  }

  private @Nullable ExportException attempt(List<LogEntry> batch) {
    try {
      int rejected = target.put(batch);
      toldHere.clear();
      if (failuresInARow > 0) {
        tell(
            Level.WARN, "The log is taken again", new KeyValuePair("failed_calls", failuresInARow));
        failuresInARow = 0;
      }
      rejected(rejected);
      tellDropped();
      return null;
    } catch (ExportException e) {
      return e;
    } catch (RuntimeException | Error e) {
      return new ExportException(
          ExportException.Kind.UNAVAILABLE,
          "The log could not be sent, which is a bug: " + e + ".",
          e);
    }
  }

  /** Not told in the log itself, which would be refused in turn while the clock is wrong. */
  private void rejected(int count) {
    if (count > 0) {
      counters.logEventsLost(count);
      if (!toldOfRejecting) {
        write(Level.WARN, REJECTED, new KeyValuePair("events", count));
      }
    }
    toldOfRejecting = count > 0;
  }

  private void tellDroppingBegan() {
    if (!toldOfDropping && buffer.hasDropped()) {
      toldOfDropping = true;
      tell(Level.WARN, "Too much is logged to be kept: the oldest is dropped, DEBUG first");
    }
  }

  private void tellDropped() {
    long dropped = buffer.takeDropped();
    toldOfDropping = false;
    if (dropped > 0) {
      lost(dropped, DROPPED);
    }
  }

  private void lost(long count, String sentence) {
    counters.logEventsLost(count);
    tell(Level.WARN, sentence, new KeyValuePair("events", count));
  }

  /** Here, for no one may look elsewhere now, and in the log, for it belongs there. */
  private void tell(Level level, String message, KeyValuePair... pairs) {
    LogEntry entry = LogEntry.of(write(level, message, pairs));
    toldHere.add(entry);
    buffer.add(entry);
  }

  private LogEvent write(Level level, String message, KeyValuePair... pairs) {
    LogEvent event =
        new LogEvent(
            Instant.now(),
            level,
            LogShipper.class.getName(),
            message,
            List.of(pairs),
            Optional.empty());
    console.write(event);
    return event;
  }
}
