package org.messagebusbridge.tester;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A real terminal: one pane of a tmux server of its own, in which a shell runs one command. What
 * {@code stty -a} says is kept from before and after it.
 */
final class Tmux implements AutoCloseable {

  static final String COMMAND = "tmux";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String socket =
      "mbb-tester-%d-%d".formatted(ProcessHandle.current().pid(), COUNT.incrementAndGet());
  private final Path directory;

  /**
   * Starts the command.
   *
   * @param directory an empty folder of the test
   * @param command for a shell
   */
  Tmux(Path directory, int columns, int rows, String command) throws Exception {
    this.directory = directory;
    Path script = directory.resolve("script");
    Files.writeString(
        script,
        """
        stty -a >'%1$s/before'
        echo 'what stood here before'
        %2$s
        echo "exit code $?"
        stty -a >'%1$s/after'
        echo done >'%1$s/over'
        exec cat
        """
            .formatted(directory, command));
    tmux(
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-x",
        Integer.toString(columns),
        "-y",
        Integer.toString(rows),
        "bash '" + script + "'");
  }

  /** The lines on the screen, without spaces at their ends. */
  List<String> screen() throws Exception {
    return tmux("capture-pane", "-p", "-t", "0").lines().map(String::stripTrailing).toList();
  }

  /** Waits for what the screen is to show. */
  List<String> await(String what, Predicate<List<String>> shown) throws Exception {
    return Await.value(what, this::screen, shown);
  }

  /** Waits until the command has ended, and the screen says so. */
  List<String> awaitEnd() throws Exception {
    Await.value("the end", () -> Files.exists(directory.resolve("over")), over -> over);
    return await("the exit code", lines -> exitCode(lines) >= 0);
  }

  static int exitCode(List<String> screen) {
    return screen.stream()
        .filter(line -> line.startsWith("exit code "))
        .map(line -> Integer.parseInt(line.substring("exit code ".length())))
        .findFirst()
        .orElse(-1);
  }

  void resize(int columns, int rows) throws Exception {
    tmux("resize-window", "-t", "0", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
  }

  void type(String keys) throws Exception {
    tmux("send-keys", "-t", "0", keys);
  }

  /** What tmux knows of the pane, such as {@code alternate_on}. */
  String fact(String name) throws Exception {
    return tmux("display-message", "-p", "-t", "0", "#{" + name + "}").strip();
  }

  /** What the terminal was set to before the command, its size left out. */
  String settingsBefore() throws Exception {
    return settings("before");
  }

  /** What it was set to after the command, its size left out. */
  String settingsAfter() throws Exception {
    return settings("after");
  }

  private String settings(String file) throws Exception {
    return Files.readString(directory.resolve(file)).replaceAll("rows \\d+; columns \\d+;", "");
  }

  private String tmux(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(COMMAND, "-L", socket));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError(command + ": " + output);
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    new ProcessBuilder(COMMAND, "-L", socket, "kill-server").start();
  }
}
