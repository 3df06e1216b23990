package org.messagebusbridge.sandbox.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.messagebusbridge.sandbox.SandboxException;

/** The product's launcher, {@code mbb}, which starts its commands as a user does. */
public final class Launcher {

  private static final String VARIABLE = "MBB_LAUNCHER";

  private final List<String> commandLine;

  /** The launcher at this path. */
  public Launcher(Path path) {
    this(List.of(path.toString()));
  }

  /** Another program, with the arguments that go before those of a command. */
  public Launcher(List<String> commandLine) {
    this.commandLine = List.copyOf(commandLine);
  }

  /**
   * The launcher that started this process: the environment variable {@code MBB_LAUNCHER}.
   *
   * @throws SandboxException when it is not set to an executable file
   */
  public static Launcher fromEnvironment() {
    String path = System.getenv(VARIABLE);
    if (path == null || !Files.isExecutable(Path.of(path))) {
      throw new SandboxException(
          "The launcher is not known (%s is not set to it); start this with ./mbb."
              .formatted(VARIABLE));
    }
    return new Launcher(Path.of(path));
  }

  /**
   * Starts a command.
   *
   * @param arguments the command and its flags: no secret among them, for every user sees them
   * @param environment set on top of this process's own
   * @param without environment variables that begin so are not passed on
   * @param output hears each line of its standard output, on a thread of its own
   * @throws SandboxException when it cannot be started
   */
  public Command start(
      List<String> arguments,
      Map<String, String> environment,
      List<String> without,
      Consumer<String> output) {
    return start(arguments, environment, without, output, line -> {});
  }

  /**
   * As the other one.
   *
   * @param errors hears each line of its standard error
   */
  public Command start(
      List<String> arguments,
      Map<String, String> environment,
      List<String> without,
      Consumer<String> output,
      Consumer<String> errors) {
    List<String> all = new ArrayList<>(commandLine);
    all.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().keySet().removeIf(name -> without.stream().anyMatch(name::startsWith));
    builder.environment().putAll(environment);
    try {
      return new Command(builder.start(), output, errors);
    } catch (IOException e) {
      throw new SandboxException(
          "%s could not be started: %s.".formatted(commandLine.getFirst(), e.getMessage()), e);
    }
  }
}
