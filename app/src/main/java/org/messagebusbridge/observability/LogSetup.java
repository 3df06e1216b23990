package org.messagebusbridge.observability;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * What is logged, and where to. Until {@link #install} is called, warnings and errors go to
 * standard error.
 */
public final class LogSetup {
  private static final String OURS = "org.messagebusbridge.";
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private record State(boolean info, boolean debug, LogSink ordinary, LogSink alarming) {
    void write(LogEvent event) {
      sink(event.level()).write(event);
    }

    LogSink sink(Level level) {
      return level.toInt() >= Level.WARN.toInt() ? alarming : ordinary;
    }
  }

  private static final State CONSOLE = console();

  private static volatile State state = CONSOLE;

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
    install(verbose, debug, CONSOLE.ordinary, CONSOLE.alarming);
  }

  /**
   * Waits until what was logged is written, at most a second: a console that nobody reads holds up
   * no end. To be called before the process ends.
   *
   * @return whether it is written
   */
  public static boolean flush() {
    State now = state;
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      boolean alarming = now.alarming.flush(PATIENCE);
      return now.ordinary.flush(Duration.ofNanos(Math.max(0, end - System.nanoTime()))) && alarming;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Where both streams are one file, terminal or pipe, they are written by one thread, in the order
   * of what was logged; else nobody who leaves one unread holds up the other.
   */
  private static State console() {
    ConsoleSink.Stream out = new ConsoleSink.Stream(System.out, mayColour("mbb.terminal.out"));
    ConsoleSink.Stream err = new ConsoleSink.Stream(System.err, mayColour("mbb.terminal.err"));
    if (areOne()) {
      ConsoleSink both = new ConsoleSink(out, err);
      return new State(false, false, both, both);
    }
    return new State(false, false, new ConsoleSink(out, out), new ConsoleSink(err, err));
  }

  private static boolean areOne() {
    try {
      Path streams = Path.of("/proc/self/fd");
      return Files.readSymbolicLink(streams.resolve("1"))
          .equals(Files.readSymbolicLink(streams.resolve("2")));
    } catch (IOException e) {
      return true; // not Linux: better in order than apart
    }
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
        before.sink(entry.level()).print(entry);
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
    tellWatcher(event);
    if (now.debug && event.thrown().isPresent()) {
      now.write(stackTrace(event, event.thrown().get()));
    }
  }

  static void tellWatcher(LogEvent event) {
    if (event.level().toInt() >= Level.WARN.toInt()) {
      watcher.write(event);
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
