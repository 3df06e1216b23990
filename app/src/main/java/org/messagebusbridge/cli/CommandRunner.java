package org.messagebusbridge.cli;

import java.io.PrintWriter;
import java.util.List;
import org.messagebusbridge.observability.LogSetup;
import org.messagebusbridge.observability.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a picocli command so that every failure becomes sentences on standard error, each on a line
 * that begins with {@code error:}, and an exit code: 0 done, 1 failed while running, 2 the user's
 * mistake. What ended a bridge that ran is an ERROR of the log instead.
 */
public final class CommandRunner {
  private static final Logger log = LoggerFactory.getLogger(CommandRunner.class);
  private static final String ERROR = "error";

  private CommandRunner() {}

  /**
   * A command line that is ready to be executed.
   *
   * @param command an object with picocli's annotations
   * @param name what the user typed to get to it, such as {@code mbb bridge}
   */
  public static CommandLine commandLine(Object command, String name) {
    return new CommandLine(command)
        .setCommandName(name)
        .setParameterExceptionHandler((failure, args) -> wrongUse(failure))
        .setExecutionExceptionHandler((failure, line, parsed) -> failed(failure, line));
  }

  /**
   * Writes a line that begins with {@code error:} or the like.
   *
   * @param kind such as {@code error}
   * @param sentence with what others wrote in it, perhaps: it stays one line, without control
   *     characters
   */
  static void tell(PrintWriter err, String kind, Object sentence) {
    err.println(kind + ": " + Printable.line(sentence.toString()));
    err.flush();
  }

  private static int wrongUse(ParameterException failure) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    tell(err, ERROR, sentence(failure));
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
    CommandException told =
        failure instanceof CommandException expected
            ? expected
            : CommandException.failure(
                "this is a bug: %s. Please report it with what '-d' shows.".formatted(failure),
                failure);
    boolean inTheLog = told.isForTheLog() || !LogSetup.flush(); // unread, it would hold up the end
    List<String> sentences = told.isLogged() ? List.of() : told.sentences();
    for (String sentence : sentences) {
      if (inTheLog) {
        log.error(sentence);
      } else {
        tell(line.getErr(), ERROR, sentence);
      }
    }
    log.debug("The command failed", failure);
    return told.exitCode();
  }
}
