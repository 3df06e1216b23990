package org.messagebusbridge.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.Problem;
import picocli.CommandLine.ExitCode;

/** A command cannot go on. Becomes lines on standard error, or of the log, and an exit code. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> sentences;
  private final int exitCode;
  private final boolean forTheLog;
  private final boolean logged;

  private CommandException(
      int exitCode, boolean forTheLog, List<String> sentences, @Nullable Throwable cause) {
    this(exitCode, forTheLog, false, sentences, cause);
  }

  private CommandException(
      int exitCode,
      boolean forTheLog,
      boolean logged,
      List<String> sentences,
      @Nullable Throwable cause) {
    super(String.join("\n", sentences), cause);
    this.exitCode = exitCode;
    this.forTheLog = forTheLog;
    this.logged = logged;
    this.sentences = List.copyOf(sentences);
  }

  /** The user's mistake, in the flags or the configuration: exit code 2. */
  public static CommandException mistake(List<String> sentences, @Nullable Throwable cause) {
    return new CommandException(ExitCode.USAGE, false, sentences, cause);
  }

  /** The user's mistake, in the flags or the configuration: exit code 2. */
  public static CommandException mistake(String sentence) {
    return mistake(List.of(sentence), null);
  }

  /** All that is wrong in the configuration: exit code 2. */
  static CommandException mistake(ConfigurationException wrong) {
    return mistake(wrong.problems().stream().map(Problem::toString).toList(), wrong);
  }

  /** Something failed while the command ran: exit code 1. */
  public static CommandException failure(String sentence, @Nullable Throwable cause) {
    return new CommandException(ExitCode.SOFTWARE, false, List.of(sentence), cause);
  }

  /** Several things failed while the command ran: exit code 1. */
  public static CommandException failures(List<String> sentences) {
    return new CommandException(ExitCode.SOFTWARE, false, sentences, null);
  }

  /**
   * What ran for a while has ended by itself: a line of the log, with its time, says why, as the
   * lines before it do.
   */
  static CommandException ended(int exitCode, String sentence, Throwable cause) {
    return new CommandException(exitCode, true, List.of(sentence), cause);
  }

  /** The same where the log has that line already. */
  static CommandException gaveUp(String sentence, Throwable cause) {
    return new CommandException(ExitCode.SOFTWARE, true, true, List.of(sentence), cause);
  }

  /** Whether the log has it already, wherever the log goes. */
  boolean isLogged() {
    return logged;
  }

  /** Whether it is told as an ERROR of the log. */
  boolean isForTheLog() {
    return forTheLog;
  }

  /** What the process ends with. */
  public int exitCode() {
    return exitCode;
  }

  /** What happened, where, and what to do: each a line for standard error. */
  public List<String> sentences() {
    return sentences;
  }
}
