package org.messagebusbridge.observability;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.event.Level;

/**
 * The latest warnings and errors of the log, and how many there were; made to be {@linkplain
 * LogSetup#watch watching} it. Any thread.
 */
public final class RecentEvents implements LogSink {
  private static final int MAX_TEXT = 1_000;

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long warnings;
  private long errors;

  /**
   * A warning or an error.
   *
   * @param source the part of the bridge that speaks, in one word
   * @param text what happened, with who and where; of one line, and cut after 1,000 characters
   */
  public record Entry(Instant time, Level level, String source, String text) {}

  /**
   * What there is at one moment.
   *
   * @param warnings how many there were since the start
   * @param errors how many there were since the start
   * @param latest the latest first
   */
  public record Snapshot(long warnings, long errors, List<Entry> latest) {}

  /**
   * None yet.
   *
   * @param capacity how many are kept
   */
  public RecentEvents(int capacity) {
    this.capacity = capacity;
  }

  @Override
  public void write(LogEvent event) {
    String text = LogLine.text(event);
    String fitting = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + " ...";
    Entry entry =
        new Entry(event.time(), event.level(), LogLine.component(event.logger()), fitting);
    lock.lock();
    try {
      if (event.level() == Level.ERROR) {
        errors++;
      } else {
        warnings++;
      }
      entries.addFirst(entry);
      if (entries.size() > capacity) {
        entries.removeLast();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What there is now. */
  public Snapshot snapshot() {
    lock.lock();
    try {
      return new Snapshot(warnings, errors, List.copyOf(entries));
    } finally {
      lock.unlock();
    }
  }
}
