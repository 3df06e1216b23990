package org.messagebusbridge.observability;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * Writes lines to the console, on a thread of its own, from a buffer of 1 MiB: whoever logs never
 * waits for whoever reads. What is dropped meanwhile, DEBUG first, is counted and told when there
 * is a reader again. A stream that cannot be written to (a full disk, a closed pipe) loses its
 * lines, as a {@link PrintStream} does, and no more.
 */
final class ConsoleSink implements LogSink {
  private static final long CAPACITY = 1L << 20;

  private final Stream out;
  private final Stream err;
  private final LogBuffer buffer = new LogBuffer(CAPACITY, LogBuffer.Limits.CONSOLE);
  private final ReentrantLock starting = new ReentrantLock();
  private volatile @Nullable Thread writer;

  /**
   * A stream.
   *
   * @param colour whether the level is coloured, by the escape sequences of a terminal
   */
  record Stream(PrintStream to, boolean colour) {
    private void write(LogEntry entry) {
      to.print((colour ? LogLine.coloured(entry.text(), entry.level()) : entry.text()) + '\n');
    }
  }

  /**
   * @param out for what is no warning or error
   * @param err for warnings and errors
   */
  ConsoleSink(Stream out, Stream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void write(LogEvent event) {
    print(LogEntry.of(event));
  }

  @Override
  public void print(LogEntry entry) {
    buffer.add(entry);
    if (writer == null) {
      start();
    }
  }

  @Override
  public boolean flush(Duration atMost) throws InterruptedException {
    return buffer.awaitEmpty(atMost);
  }

  /** Where no thread can be had now, the next line tries again. */
  private void start() {
    starting.lock();
    try {
      if (writer == null) {
        writer = Thread.ofPlatform().daemon().name("console").start(this::run);
      }
    } catch (OutOfMemoryError e) {
      // What was logged waits in the buffer.
    } finally {
      starting.unlock();
    }
  }

  private void run() {
    try {
      while (true) {
        List<LogEntry> batch = buffer.take(Duration.ZERO);
        try {
          batch.forEach(entry -> stream(entry).write(entry));
          tellDropped();
          out.to.flush();
          err.to.flush();
        } finally {
          buffer.release();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      writer = null;
    }
  }

  private Stream stream(LogEntry entry) {
    return entry.level().toInt() >= Level.WARN.toInt() ? err : out;
  }

  private void tellDropped() {
    long dropped = buffer.takeDropped();
    if (dropped > 0) {
      LogEvent event =
          new LogEvent(
              Instant.now(),
              Level.WARN,
              ConsoleSink.class.getName(),
              "Lines of the log were dropped, DEBUG first, because nobody read the console",
              List.of(new KeyValuePair("lines", dropped)),
              Optional.empty());
      err.write(LogEntry.of(event));
      LogSetup.tellWatcher(event);
    }
  }
}
