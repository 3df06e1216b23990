package org.messagebusbridge.sandbox.bench;

import java.io.PrintWriter;

/** One line on a terminal that says what is going on, written over by the next; else nothing. */
final class Progress {
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean terminal;

  private Progress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** On standard error, which the launcher says is a terminal or not. */
  static Progress of(PrintWriter err) {
    return new Progress(err, Boolean.getBoolean("mbb.terminal.err"));
  }

  void show(String line) {
    write(CLEAR + "  " + line);
  }

  void clear() {
    write(CLEAR);
  }

  private void write(String text) {
    if (terminal) {
      err.print(text);
      err.flush();
    }
  }
}
