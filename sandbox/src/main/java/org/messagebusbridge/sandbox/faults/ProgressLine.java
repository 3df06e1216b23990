package org.messagebusbridge.sandbox.faults;

import java.io.PrintWriter;

/** One line that says how far a run is: rewritten on a terminal, else printed once a minute. */
final class ProgressLine {

  private static final long EVERY_NANOS = 60_000_000_000L;
  private static final String REWRITE = "\r\033[K";

  private final PrintWriter out;
  private final boolean terminal;
  private long last = System.nanoTime();

  ProgressLine(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** The line as it is now. */
  void show(String line) {
    if (terminal) {
      out.print(REWRITE + line);
      out.flush();
    } else if (System.nanoTime() - last >= EVERY_NANOS) {
      last = System.nanoTime();
      out.println(line);
      out.flush();
    }
  }

  /** What follows begins on a line of its own. */
  void end() {
    if (terminal) {
      out.print(REWRITE);
      out.flush();
    }
  }
}
