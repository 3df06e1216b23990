package org.messagebusbridge.cli;

import java.time.Duration;
import java.util.Optional;
import org.messagebusbridge.config.Requirements;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags of {@code mbb bridge}, those of the Python service; to be read when it is called. */
final class BridgeOptions {
  @Option(
      names = "--runsecs",
      paramLabel = "N",
      description = "Stop after N seconds (default: 0, run for ever).")
  private long runSeconds;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log what the bridge does (INFO).")
  private boolean verbose;

  @Option(
      names = {"-d", "--debug"},
      description = "Log what helps to find faults (DEBUG); does not imply -v.")
  private boolean debug;

  @Mixin private ConfigurationOptions from = new ConfigurationOptions();

  @Option(
      names = {"-M", "--migrate-config"},
      description =
          "Write what the INI file sets to SSM parameters, as SecureStrings over those that are"
              + " there, and exit (needs -s).")
  private boolean migrate;

  @Option(
      names = "--dry-run",
      description = "With -M: show what would be written, and write nothing.")
  private boolean dryRun;

  @Option(
      names = {"-X", "--websocket-stub"},
      description = "Use no WebSocket: send every message back to MQ.")
  private boolean stub;

  @Option(
      names = {"-l", "--cloudwatch-logs"},
      description = "Log to CloudWatch Logs instead of standard output and standard error.")
  private boolean cloudWatchLogs;

  @Option(
      names = {"-m", "--cloudwatch-metrics"},
      description = "Send metrics to CloudWatch.")
  private boolean cloudWatchMetrics;

  /**
   * Checks the flags with one another.
   *
   * @throws ParameterException when they make no sense
   */
  void check(CommandSpec spec) {
    if (runSeconds < 0) {
      throw new ParameterException(
          spec.commandLine(), "--runsecs must be 0 (for ever) or a number of seconds above 0.");
    }
    if (migrate && !from.ssm()) {
      throw new ParameterException(
          spec.commandLine(), "-M (--migrate-config) needs -s (--ssm): where to write to.");
    }
    if (dryRun && !migrate) {
      throw new ParameterException(
          spec.commandLine(), "--dry-run needs -M (--migrate-config): nothing else has one.");
    }
    from.check(spec);
  }

  /** How long to run; empty: for ever. */
  Optional<Duration> limit() {
    return runSeconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(runSeconds));
  }

  boolean verbose() {
    return verbose;
  }

  boolean debug() {
    return debug;
  }

  ConfigurationOptions from() {
    return from;
  }

  boolean migrate() {
    return migrate;
  }

  boolean dryRun() {
    return dryRun;
  }

  boolean stub() {
    return stub;
  }

  boolean cloudWatchLogs() {
    return cloudWatchLogs;
  }

  boolean cloudWatchMetrics() {
    return cloudWatchMetrics;
  }

  /** What the configuration has to have for them. */
  Requirements requirements() {
    return Requirements.bridge(stub, cloudWatchLogs, cloudWatchMetrics);
  }
}
