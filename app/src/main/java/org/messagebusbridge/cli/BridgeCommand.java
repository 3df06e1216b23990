package org.messagebusbridge.cli;

import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.messagebusbridge.config.BridgeKeys;
import org.messagebusbridge.config.BusModule.Side;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.ConfigurationLoader.Loaded;
import org.messagebusbridge.config.Problem;
import org.messagebusbridge.observability.ExportCounters;
import org.messagebusbridge.observability.LogSetup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mbb bridge}: runs the bridge. */
@Command(
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

  @Spec private CommandSpec spec = CommandSpec.create(); // replaced by picocli
  @Mixin private BridgeOptions options = new BridgeOptions();
  private final Map<String, String> environment;
  private final BridgeRunner runner;

  /** Reads the environment of the process, and runs a bridge in it. */
  public BridgeCommand() {
    this(System.getenv(), BridgeRuntime::run);
  }

  BridgeCommand(Map<String, String> environment, BridgeRunner runner) {
    this.environment = environment;
    this.runner = runner;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    options.check(spec);
    LogSetup.install(options.verbose(), options.debug());
    if (options.migrate()) {
      new Migrate(
              options.from().file(),
              options.from().region(),
              options.dryRun(),
              spec.commandLine().getOut(),
              spec.commandLine().getErr())
          .run();
      return ExitCode.OK;
    }
    spec.commandLine()
        .getOut()
        .printf("MQ to WebSocket Message Bridge v%s starting up%n", Version.current())
        .flush();
    return run(load());
  }

  private int run(Loaded loaded) throws CommandException, InterruptedException {
    HeapCheck.check(loaded.configuration(), options.stub(), Runtime.getRuntime().maxMemory());
    OptionalInt port = loaded.configuration().get(BridgeKeys.HTTP_PORT);
    if (port.isEmpty()) {
      return run(loaded, BridgeObserver.NOBODY);
    }
    try (LocalStatus status =
        LocalStatus.open(loaded.configuration(), port.getAsInt(), options.stub())) {
      return run(loaded, status);
    }
  }

  private int run(Loaded loaded, BridgeObserver local)
      throws CommandException, InterruptedException {
    Logins logins = Logins.of(withSecrets(loaded.configuration()), this::readAgain);
    Configuration configuration = logins.initial();
    ExportCounters counters = new ExportCounters();
    if (!options.cloudWatchLogs() && !options.cloudWatchMetrics()) {
      loaded.warnings().forEach(BridgeCommand::warn);
      return runner.run(new BridgeRun(logins, options.stub(), options.limit(), local, counters));
    }
    CloudWatch cloudWatch =
        CloudWatch.open(
            configuration,
            options.cloudWatchLogs(),
            options.cloudWatchMetrics(),
            environment,
            counters);
    loaded.warnings().forEach(BridgeCommand::warn);
    BridgeObserver both = BridgeObserver.both(local, cloudWatch);
    return cloudWatch.watch(
        runner, new BridgeRun(logins, options.stub(), options.limit(), both, counters));
  }

  private Loaded load() throws CommandException {
    try {
      return options.from().load(environment, options.requirements());
    } catch (ConfigurationException e) {
      e.warnings().forEach(BridgeCommand::warn);
      throw CommandException.mistake(e);
    }
  }

  private Configuration readAgain() throws CommandException {
    return withSecrets(load().configuration());
  }

  private static Configuration withSecrets(Configuration configuration) throws CommandException {
    boolean names =
        Stream.of(Side.MQ, Side.API)
            .anyMatch(side -> configuration.bus(side).secret(configuration).isPresent());
    return names ? Aws.withSecrets(configuration) : configuration;
  }

  private static void warn(Problem warning) {
    log.warn(warning.toString());
  }
}
