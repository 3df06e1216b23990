package org.messagebusbridge.observability;

import java.time.Duration;

/** Where what is logged goes. Called from any thread, many at a time. */
@FunctionalInterface
public interface LogSink {

  /** Takes an event. Returns soon and throws nothing: a log that fails must not stop the bridge. */
  void write(LogEvent event);

  /** Takes a line that was made of an event before. */
  default void print(LogEntry entry) {}

  /**
   * Waits until what was taken is where it goes, at most so long.
   *
   * @return whether it is
   */
  default boolean flush(Duration atMost) throws InterruptedException {
    return true;
  }
}
