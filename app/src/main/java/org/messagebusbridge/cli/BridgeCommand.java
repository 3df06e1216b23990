package org.messagebusbridge.cli;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.ConfigurationLoader.Loaded;
import org.messagebusbridge.config.Problem;
import org.messagebusbridge.config.Requirements;
import org.messagebusbridge.config.WebSocketConfig;
import org.messagebusbridge.observability.ExportCounters;
import org.messagebusbridge.observability.LogSetup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mbb bridge}: runs the bridge, with the flags of the Python service. */
@Command(
    name = "bridge",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Carries messages between MQ queues and a WebSocket API, both ways.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  mbb bridge -v              with ./mq2wsbridge.ini, logging what it does",
      "  mbb bridge -c firm.ini -X  without a WebSocket: what MQ sends comes back",
      "  mbb bridge -s -r eu-west-1  with SSM parameters of that region",
      "  mbb bridge -s -M --dry-run  what of the file would become parameters",
      "  MBB_AWS_MQ_MQ_PASSWORD=... mbb bridge -c firm.ini",
      "                             with a value of the file replaced",
      "",
      "SIGTERM or SIGINT ends it, after what is on its way has arrived; a second",
      "one ends it at once.",
      "Exit codes: 0 done, 1 failed while running, 2 wrong flags or configuration."
    })
public final class BridgeCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(BridgeCommand.class);

  @Option(
      names = "--runsecs",
      paramLabel = "N",
      defaultValue = "0",
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

  @Spec private CommandSpec spec;

  private final Map<String, String> environment;
  private final BridgeRunner runner;

  /** Reads the environment of the process, and runs a bridge in it. */
  public BridgeCommand() {
    this(System.getenv(), BridgeRuntime::run);
  }

  // picocli injects the spec before it calls the command.
  @SuppressWarnings("NullAway.Init")
  BridgeCommand(Map<String, String> environment, BridgeRunner runner) {
    this.environment = environment;
    this.runner = runner;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    checkFlags();
    LogSetup.install(verbose, debug);
    if (migrate) {
      new Migrate(
              from.file(),
              from.region(),
              dryRun,
              spec.commandLine().getOut(),
              spec.commandLine().getErr())
          .run();
      return ExitCode.OK;
    }
    spec.commandLine()
        .getOut()
        .printf("MQ to WebSocket Message Bridge v%s starting up%n", Version.current())
        .flush();
    Loaded loaded = load();
    Optional<Duration> limit =
        runSeconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(runSeconds));
    return run(loaded, limit);
  }

  private int run(Loaded loaded, Optional<Duration> limit)
      throws CommandException, InterruptedException {
    OptionalInt port = loaded.configuration().bridge().httpPort();
    if (port.isEmpty()) {
      return run(loaded, limit, BridgeObserver.NOBODY);
    }
    try (LocalStatus status = LocalStatus.open(loaded.configuration(), port.getAsInt(), stub)) {
      return run(loaded, limit, status);
    }
  }

  private int run(Loaded loaded, Optional<Duration> limit, BridgeObserver local)
      throws CommandException, InterruptedException {
    Logins logins = Logins.of(withSecrets(loaded.configuration()), this::readAgain);
    Configuration configuration = logins.initial();
    ExportCounters counters = new ExportCounters();
    if (!cloudWatchLogs && !cloudWatchMetrics) {
      loaded.warnings().forEach(BridgeCommand::warn);
      return runner.run(new BridgeRun(logins, stub, limit, local, counters));
    }
    CloudWatch cloudWatch =
        CloudWatch.open(
            configuration.cloudWatch(), cloudWatchLogs, cloudWatchMetrics, environment, counters);
    loaded.warnings().forEach(BridgeCommand::warn);
    BridgeObserver both = BridgeObserver.both(local, cloudWatch);
    return cloudWatch.watch(runner, new BridgeRun(logins, stub, limit, both, counters));
  }

  private void checkFlags() throws CommandException {
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

  private Loaded load() throws CommandException {
    try {
      return from.load(environment, Requirements.bridge(stub, cloudWatchLogs, cloudWatchMetrics));
    } catch (ConfigurationException e) {
      e.warnings().forEach(BridgeCommand::warn);
      throw CommandException.mistake(e.problems().stream().map(Problem::toString).toList(), e);
    }
  }

  private Configuration readAgain() throws CommandException {
    return withSecrets(load().configuration());
  }

  private static Configuration withSecrets(Configuration configuration) throws CommandException {
    boolean names =
        configuration.amqp().secretArn().isPresent()
            || configuration.webSocket().flatMap(WebSocketConfig::secretArn).isPresent();
    return names ? Aws.withSecrets(configuration) : configuration;
  }

  private static void warn(Problem warning) {
    log.warn(warning.toString());
  }
}
