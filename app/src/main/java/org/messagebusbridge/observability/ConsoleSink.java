package org.messagebusbridge.observability;

import java.io.PrintStream;

/**
 * Writes lines to a stream. One that cannot be written to (a full disk, a closed pipe) loses its
 * lines, as a {@link PrintStream} does, and no more.
 */
record ConsoleSink(PrintStream stream, boolean colour) implements LogSink {

  @Override
  public void write(LogEvent event) {
    stream.print(LogLine.of(event, colour));
    stream.flush();
  }

  @Override
  public void print(String line) {
    stream.println(line);
    stream.flush();
  }
}
