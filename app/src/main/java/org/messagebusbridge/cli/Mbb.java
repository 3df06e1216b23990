package org.messagebusbridge.cli;

import java.util.Arrays;
import org.messagebusbridge.observability.EventLoggerProvider;
import picocli.CommandLine.ExitCode;

/** The entry of the bridge's process: the first argument says which command it is. */
public final class Mbb {

  private Mbb() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    searchNothing();
    System.exit(run(args));
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
      case "bridge" -> {
        HeadStart.begin();
        yield run(new BridgeCommand(), args);
      }
      case "config" -> run(new ConfigCommand(), args);
      default -> {
        System.err.println(
            "error: there is no command '" + name + "'; there are bridge and config.");
        yield ExitCode.USAGE;
      }
    };
  }

  private static int run(Object command, String[] args) {
    return CommandRunner.commandLine(command, "mbb " + args[0])
        .execute(Arrays.copyOfRange(args, 1, args.length));
  }
}
