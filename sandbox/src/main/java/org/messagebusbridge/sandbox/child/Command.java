package org.messagebusbridge.sandbox.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A command of the product that runs as a child process. Safe for use by several threads. */
public final class Command implements AutoCloseable {

  private static final String ERROR = "error: ";

  /** The line of a bridge's log that says why it ends. */
  private static final Pattern GAVE_UP =
      Pattern.compile("\\S+ ERROR +\\w+ +Gave up: (.*?)(?:  \\w+=.*)?");

  private static final int TAIL_LINES = 20;
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(15);

  private final Process process;
  private final Tail complaints = new Tail();
  private final Tail said = new Tail();
  private final Thread output;
  private final Thread errors;

  Command(Process process, Consumer<String> output, Consumer<String> errors) {
    this.process = process;
    this.output = pump(process.getInputStream(), said.andThen(output), "stdout");
    this.errors = pump(process.getErrorStream(), complaints.andThen(errors), "stderr");
  }

  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** Completes with the exit code. */
  public CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /**
   * Waits for the end, and for all that it printed to be heard.
   *
   * @return the exit code
   */
  public int await() throws InterruptedException {
    int code = process.waitFor();
    output.join();
    errors.join();
    return code;
  }

  /**
   * Its reason for ending, after {@link #await}: the errors that it named on standard error, else
   * the last lines that it wrote there, else those of its standard output. Never empty.
   */
  public String lastWords() {
    List<String> errors = complaints.lines().stream().flatMap(Command::error).toList();
    for (List<String> words : List.of(errors, complaints.lines(), said.lines())) {
      if (!words.isEmpty()) {
        return String.join(System.lineSeparator(), words);
      }
    }
    return "it said nothing.";
  }

  private static Stream<String> error(String line) {
    if (line.startsWith(ERROR)) {
      return Stream.of(line.substring(ERROR.length()));
    }
    Matcher gaveUp = GAVE_UP.matcher(line);
    return gaveUp.matches() ? Stream.of(gaveUp.group(1)) : Stream.empty();
  }

  /** Asks it to stop (SIGTERM); returns at once. */
  public void terminate() {
    process.toHandle().destroy(); // not Process.destroy, which would close its last words too
  }

  /** Ends it at once (SIGKILL), and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  /** Asks it to stop, and kills it, and what it started, when it has not after 15 s. */
  @Override
  public void close() {
    List<ProcessHandle> family = process.descendants().toList();
    terminate();
    try {
      if (!process.waitFor(TIME_TO_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
  }

  private static Thread pump(InputStream stream, Consumer<String> lines, String name) {
    return Thread.ofVirtual()
        .name("child-" + name)
        .start(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines);
              } catch (IOException | UncheckedIOException e) {
                // the child is gone: there is nothing more to hear
              }
            });
  }

  /** The last lines of a stream. */
  private static final class Tail implements Consumer<String> {
    private final Deque<String> lines = new ArrayDeque<>();

    @Override
    public synchronized void accept(String line) {
      if (lines.size() == TAIL_LINES) {
        lines.removeFirst();
      }
      lines.addLast(line);
    }

    synchronized List<String> lines() {
      return List.copyOf(lines);
    }
  }
}
