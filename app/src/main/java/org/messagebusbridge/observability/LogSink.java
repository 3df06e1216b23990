package org.messagebusbridge.observability;

/** Where what is logged goes. Called from any thread, many at a time. */
@FunctionalInterface
public interface LogSink {

  /** Takes an event. Returns soon and throws nothing: a log that fails must not stop the bridge. */
  void write(LogEvent event);

  /** Takes a line that was made of an event before, without its line feed. */
  default void print(String line) {}
}
