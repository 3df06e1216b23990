package org.messagebusbridge.cli;

import java.util.Arrays;
import java.util.Optional;
import org.messagebusbridge.config.NativeText;
import org.messagebusbridge.observability.EventLoggerProvider;
import org.messagebusbridge.observability.LogSetup;
import org.messagebusbridge.observability.Printable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ExitCode;

/** The entry of the bridge's process: the first argument says which command it is. */
public final class Mbb {

  private Mbb() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    Optional<String> tooFew = OpenFiles.flaw();
    if (tooFew.isPresent()) {
      System.err.println("error: " + tooFew.get());
      System.exit(ExitCode.USAGE);
    }
    searchNothing();
    // Before there is a second thread: two that asked SLF4J at once would lose what one logs.
    LoggerFactory.getILoggerFactory();
    System.exit(exitCode(args));
  }

  private static int exitCode(String[] args) {
    try {
      int exitCode = run(args);
      LogSetup.flush();
      return exitCode;
    } catch (RuntimeException | Error e) {
      return LastResort.tell(e);
    }
  }

  /**
   * Spares the start two searches of every jar on the class path: SLF4J's for its back end, which
   * it says in a line not to have done, and picocli's for Groovy.
   */
  private static void searchNothing() {
    System.setProperty("slf4j.provider", EventLoggerProvider.class.getName());
    System.setProperty("slf4j.internal.verbosity", "WARN");
    System.setProperty("picocli.disable.closures", "true");
  }

  // Only the class of the command that was asked for is loaded, for a fast start.
  private static int run(String[] args) {
    String name = args.length == 0 ? "" : args[0];
    return switch (name) {
      case "bridge" -> run(new BridgeCommand(), args);
      case "config" -> run(new ConfigCommand(), args);
      default -> {
        System.err.println(
            Printable.line(
                "error: there is no command '" + name + "'; there are bridge and config."));
        yield ExitCode.USAGE;
      }
    };
  }

  private static int run(Object command, String[] args) {
    for (String arg : args) {
      Optional<NativeText.Flaw> flaw = NativeText.flaw(arg);
      if (flaw.isPresent()) {
        System.err.println(
            Printable.line("error: the argument " + arg + " " + flaw.get().predicate()));
        return ExitCode.USAGE;
      }
    }
    return CommandRunner.commandLine(command, "mbb " + args[0])
        .execute(Arrays.copyOfRange(args, 1, args.length));
  }
}
