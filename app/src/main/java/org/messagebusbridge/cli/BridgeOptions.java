package org.messagebusbridge.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.messagebusbridge.config.Requirements;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The flags of {@code mbb bridge}, those of the Python service; to be read when it is called. */
final class BridgeOptions {
  private final OptionSpec runSeconds =
      OptionSpec.builder("--runsecs")
          .paramLabel("N")
          .type(long.class)
          .defaultValue("0")
          .description("Stop after N seconds (default: 0, run for ever).")
          .build();

  private final OptionSpec verbose =
      Options.flag("Log what the bridge does (INFO).", "-v", "--verbose");

  private final OptionSpec debug =
      Options.flag("Log what helps to find faults (DEBUG); does not imply -v.", "-d", "--debug");

  private final ConfigurationOptions from = new ConfigurationOptions();

  private final OptionSpec migrate =
      Options.flag(
          "Write what the INI file sets to SSM parameters, as SecureStrings over those that are"
              + " there, and exit (needs -s).",
          "-M",
          "--migrate-config");

  private final OptionSpec dryRun =
      Options.flag("With -M: show what would be written, and write nothing.", "--dry-run");

  private final OptionSpec stub =
      Options.flag("Use no WebSocket: send every message back to MQ.", "-X", "--websocket-stub");

  private final OptionSpec cloudWatchLogs =
      Options.flag(
          "Log to CloudWatch Logs instead of standard output and standard error.",
          "-l",
          "--cloudwatch-logs");

  private final OptionSpec cloudWatchMetrics =
      Options.flag("Send metrics to CloudWatch.", "-m", "--cloudwatch-metrics");

  /** What the command is for picocli. */
  CommandSpec describe(Callable<Integer> command) {
    CommandSpec spec =
        Options.describe(
            command,
            Stream.of(
                    List.of(runSeconds, verbose, debug),
                    from.all(),
                    List.of(migrate, dryRun, stub, cloudWatchLogs, cloudWatchMetrics))
                .flatMap(List::stream)
                .toList());
    spec.usageMessage()
        .sortOptions(false)
        .description("Carries messages between MQ queues and a WebSocket API, both ways.")
        .footerHeading("%nExamples:%n")
        .footer(
            "  mbb bridge -v              with ./mq2wsbridge.ini, logging what it does",
            "  mbb bridge -c firm.ini -X  without a WebSocket: what MQ sends comes back",
            "  mbb bridge -s -r eu-west-1  with SSM parameters of that region",
            "  mbb bridge -s -M --dry-run  what of the file would become parameters",
            "  MBB_AWS_MQ_MQ_PASSWORD=... mbb bridge -c firm.ini",
            "                             with a value of the file replaced",
            "",
            "SIGTERM or SIGINT ends it, after what is on its way has arrived; a second",
            "one ends it at once.",
            "Exit codes: 0 done, 1 failed while running, 2 wrong flags or configuration.");
    return spec;
  }

  /**
   * Checks the flags with one another.
   *
   * @throws ParameterException when they make no sense
   */
  void check(CommandSpec spec) {
    if (seconds() < 0) {
      throw new ParameterException(
          spec.commandLine(), "--runsecs must be 0 (for ever) or a number of seconds above 0.");
    }
    if (migrate() && !from.ssm()) {
      throw new ParameterException(
          spec.commandLine(), "-M (--migrate-config) needs -s (--ssm): where to write to.");
    }
    if (dryRun() && !migrate()) {
      throw new ParameterException(
          spec.commandLine(), "--dry-run needs -M (--migrate-config): nothing else has one.");
    }
    from.check(spec);
  }

  private long seconds() {
    return runSeconds.<Long>getValue();
  }

  /** How long to run; empty: for ever. */
  Optional<Duration> limit() {
    return seconds() == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds()));
  }

  boolean verbose() {
    return Options.given(verbose);
  }

  boolean debug() {
    return Options.given(debug);
  }

  ConfigurationOptions from() {
    return from;
  }

  boolean migrate() {
    return Options.given(migrate);
  }

  boolean dryRun() {
    return Options.given(dryRun);
  }

  boolean stub() {
    return Options.given(stub);
  }

  boolean cloudWatchLogs() {
    return Options.given(cloudWatchLogs);
  }

  boolean cloudWatchMetrics() {
    return Options.given(cloudWatchMetrics);
  }

  /** What the configuration has to have for them. */
  Requirements requirements() {
    return Requirements.bridge(stub(), cloudWatchLogs(), cloudWatchMetrics());
  }
}
