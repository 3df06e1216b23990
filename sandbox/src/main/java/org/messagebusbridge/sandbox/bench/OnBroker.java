package org.messagebusbridge.sandbox.bench;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.Resources;
import org.messagebusbridge.sandbox.child.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands of the benchmark have in common: a broker, and an end by a signal. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every message of the bridge came back once and in order, however fast",
      "1:some did not, or a part failed",
      "2:the command line is wrong",
      "130:stopped by Ctrl-C"
    })
abstract class OnBroker implements Callable<Integer> {

  static final int FAILED = 1;
  static final int WRONG_USE = 2;
  private static final int STOPPED = 130;

  @Spec private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  @Option(
      names = "--broker",
      paramLabel = "VERSION",
      description = "RabbitMQ 3.10 or 4.0 (${DEFAULT-VALUE}).")
  private String broker = "3.10";

  /**
   * Measures.
   *
   * @param resources closes all that it starts, if a signal comes
   * @return whether nothing was lost
   */
  abstract boolean measure(RabbitVersion version, Resources resources) throws InterruptedException;

  /** Checks the command line, before anything starts. */
  abstract void check();

  @Override
  public final Integer call() throws InterruptedException {
    RabbitVersion version = version();
    check();
    try (Resources resources = Resources.closedOnSignal()) {
      try {
        return measure(version, resources) ? 0 : FAILED;
      } catch (SandboxException e) {
        if (resources.isClosed()) {
          return STOPPED; // what failed was being closed
        }
        throw e;
      }
    }
  }

  private RabbitVersion version() {
    return switch (broker) {
      case "3.10" -> RabbitVersion.V3_10;
      case "4.0" -> RabbitVersion.V4_0;
      default -> throw wrong("--broker is 3.10 or 4.0, not '%s'".formatted(broker));
    };
  }

  final void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw wrong("%s has to be from %d to %d, not %d".formatted(option, least, most, value));
    }
  }

  final ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  final void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  /** A line that says what is going on, on standard error if that is a terminal. */
  final Progress progress() {
    return Progress.of(spec.commandLine().getErr());
  }
}
