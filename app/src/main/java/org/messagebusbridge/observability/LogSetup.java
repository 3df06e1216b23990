package org.messagebusbridge.observability;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * What is logged, and where to. Until {@link #install} is called, warnings and errors go to
 * standard error.
 */
public final class LogSetup {
  private static final String OURS = "org.messagebusbridge.";

  private record State(boolean info, boolean debug, LogSink ordinary, LogSink alarming) {
    void write(LogEvent event) {
      sink(event.level()).write(event);
    }

    LogSink sink(Level level) {
      return level.toInt() >= Level.WARN.toInt() ? alarming : ordinary;
    }
  }

  private static volatile State state =
      new State(
          false, false, new ConsoleSink(System.out, false), new ConsoleSink(System.err, false));

  private static volatile LogSink watcher = event -> {};

  private LogSetup() {}

  /**
   * Logs to the console: warnings and errors always, on standard error; the rest on standard
   * output. The level's word is coloured on a stream that is a terminal, which the launcher says by
   * the system properties {@code mbb.terminal.out} and {@code mbb.terminal.err}, unless the
   * environment has {@code NO_COLOR} (no-color.org).
   *
   * @param verbose whether INFO is logged
   * @param debug whether DEBUG is logged, and the stack trace of each failure that is logged;
   *     neither switch implies the other
   */
  public static void install(boolean verbose, boolean debug) {
    install(
        verbose,
        debug,
        new ConsoleSink(System.out, mayColour("mbb.terminal.out")),
        new ConsoleSink(System.err, mayColour("mbb.terminal.err")));
  }

  /** Logs nothing: for a command that says in its own words what goes wrong. */
  public static void silence() {
    LogSink nowhere = event -> {};
    install(false, false, nowhere, nowhere);
  }

  static void install(boolean verbose, boolean debug, LogSink ordinary, LogSink alarming) {
    state = new State(verbose, debug, ordinary, alarming);
  }

  /** Where the log went before it was {@linkplain #redirect redirected}. */
  interface Console extends LogSink {

    /** Writes a line that was made already. */
    void print(LogEntry entry);

    /** Lets the log go there again. */
    void restore();
  }

  /** Lets the log go elsewhere, at the levels that were chosen. */
  static Console redirect(LogSink to) {
    State before = state;
    state = new State(before.info, before.debug, to, to);
    return new Console() {
      @Override
      public void write(LogEvent event) {
        before.write(event);
      }

      @Override
      public void print(LogEntry entry) {
        before.sink(entry.level()).print(entry.text());
      }

      @Override
      public void restore() {
        state = before;
      }
    };
  }

  private static boolean mayColour(String terminal) {
    String noColour = System.getenv("NO_COLOR");
    return Boolean.getBoolean(terminal) && (noColour == null || noColour.isEmpty());
  }

  /** Has warnings and errors told to {@code watching}, too, wherever the log goes. */
  public static void watch(LogSink watching) {
    watcher = watching;
  }

  /** Whether events of that logger and level are logged; of libraries, warnings and errors only. */
  static boolean isEnabled(String logger, Level level) {
    return switch (level) {
      case ERROR, WARN -> true;
      case INFO -> state.info && logger.startsWith(OURS);
      case DEBUG -> state.debug && logger.startsWith(OURS);
      case TRACE -> false;
    };
  }

  static void log(LogEvent event) {
    State now = state;
    now.write(event);
    if (event.level().toInt() >= Level.WARN.toInt()) {
      watcher.write(event);
    }
    if (now.debug && event.thrown().isPresent()) {
      now.write(stackTrace(event, event.thrown().get()));
    }
  }

  private static LogEvent stackTrace(LogEvent event, Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return new LogEvent(
        event.time(),
        Level.DEBUG,
        event.logger(),
        "stack trace of the failure above: " + trace.toString().strip(),
        List.of(),
        Optional.empty());
  }
}
