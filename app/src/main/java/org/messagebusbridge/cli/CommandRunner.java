package org.messagebusbridge.cli;

import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a picocli command so that every failure becomes sentences on standard error, each on a line
 * that begins with {@code error:}, and an exit code: 0 done, 1 failed while running, 2 the user's
 * mistake.
 */
public final class CommandRunner {
  private static final Logger log = LoggerFactory.getLogger(CommandRunner.class);

  private CommandRunner() {}

  /**
   * A command line that is ready to be executed.
   *
   * @param command an object with picocli's annotations, or one that is {@link Described}
   * @param name what the user typed to get to it, such as {@code mbb bridge}
   */
  public static CommandLine commandLine(Object command, String name) {
    return new CommandLine(command instanceof Described described ? described.spec() : command)
        .setCommandName(name)
        .setParameterExceptionHandler((failure, args) -> wrongUse(failure))
        .setExecutionExceptionHandler((failure, line, parsed) -> failed(failure, line));
  }

  private static int wrongUse(ParameterException failure) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("error: " + sentence(failure));
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("'" + line.getCommandName() + " --help' shows what there is.");
    err.flush();
    return ExitCode.USAGE;
  }

  private static String sentence(ParameterException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.endsWith(".") ? message : message + ".";
  }

  private static int failed(Exception failure, CommandLine line) {
    PrintWriter err = line.getErr();
    int exitCode;
    if (failure instanceof CommandException expected) {
      expected.sentences().forEach(sentence -> err.println("error: " + sentence));
      exitCode = expected.exitCode();
    } else {
      err.println(
          "error: this is a bug: %s. Please report it with what '-d' shows."
              .formatted(String.valueOf(failure).replaceAll("\\R", " ")));
      exitCode = ExitCode.SOFTWARE;
    }
    err.flush();
    log.debug("The command failed", failure);
    return exitCode;
  }
}
