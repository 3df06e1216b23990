package org.messagebusbridge.sandbox.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.bench.Row.Way;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import org.messagebusbridge.sandbox.child.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmark. */
@Command(
    name = "mbb bench",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    header = "Measures the bridge on a private RabbitMQ.",
    description = {
      "",
      "Everything runs on this machine: the broker, the bridge in a process of its own with the"
          + " flags it is shipped with, the load and the echo service in this one. Three ways are"
          + " measured: direct (one queue, no bridge), loopback (the bridge with -X) and websocket"
          + " (the bridge and the service). The load keeps a fixed number of transient messages in"
          + " flight, so the round trips are those at saturation.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every message came back once and in order, however fast",
      "1:some did not, or a part failed",
      "2:the command line is wrong",
      "130:stopped by Ctrl-C"
    })
public final class Bench implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;
  private static final int STOPPED = 130;
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int MOST_SECONDS = 60;
  private static final int MOST_COMPARISON_SECONDS = 10;

  @Spec private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  @Option(
      names = "--broker",
      paramLabel = "VERSION",
      description = "RabbitMQ 3.10 or 4.0 (${DEFAULT-VALUE}).")
  private String broker = "3.10";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "How long the websocket way is measured, after 5 s of warm-up: 1 to 60"
              + " (${DEFAULT-VALUE}); the others, for comparison, 10 at most.")
  private int seconds = 20;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "How many messages are out at a time (${DEFAULT-VALUE}).")
  private int inFlight = 2_000;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "How long a message is (${DEFAULT-VALUE}).")
  private int size = 200;

  @Option(
      names = "--only",
      paramLabel = "WAY",
      description = "One way only: direct, loopback or websocket.")
  private Optional<Way> only = Optional.empty();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result there too, with every second's count.")
  private Optional<Path> json = Optional.empty();

  /** Runs the benchmark and ends the process with its exit code. */
  public static void main(String[] args) {
    LogManager.getLogManager().reset();
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Bench())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (e, args) -> {
              complain(e.getCommandLine(), "error: " + e.getMessage() + ".");
              complain(e.getCommandLine(), "'mbb bench --help' shows what there is.");
              return WRONG_USE;
            })
        .setExecutionExceptionHandler(
            (e, command, result) -> {
              if (e instanceof SandboxException) {
                complain(command, "error: " + e.getMessage());
                return FAILED;
              }
              throw e;
            });
  }

  private static void complain(CommandLine command, String line) {
    command.getErr().println(line);
    command.getErr().flush();
  }

  @Override
  public Integer call() throws InterruptedException {
    RabbitVersion version = version();
    check("--seconds", seconds, 1, MOST_SECONDS);
    check("--in-flight", inFlight, 1, 100_000);
    check("--size", size, Payload.MIN_SIZE, 16 * 1024 * 1024);
    try (Resources resources = Resources.closedOnSignal()) {
      try {
        return run(version, resources).isClean() ? 0 : FAILED;
      } catch (SandboxException e) {
        if (resources.isClosed()) {
          return STOPPED; // what failed was being closed
        }
        throw e;
      }
    }
  }

  private BenchReport run(RabbitVersion version, Resources resources) throws InterruptedException {
    Launcher launcher = Launcher.fromEnvironment();
    RabbitNode node = resources.open(() -> RabbitNode.start(version));
    int cores = Runtime.getRuntime().availableProcessors();
    say(
        "%s, bridge, service and load on one machine with %d cores; %d-byte transient messages, %d in flight"
            .formatted(node.name(), cores, size, inFlight));
    say("");
    say(BenchReport.head());
    BenchRun run = new BenchRun(launcher, resources, node);
    List<Row> rows = new ArrayList<>();
    for (Way way : only.map(List::of).orElse(List.of(Way.values()))) {
      Row row = run.measure(way, load(way));
      rows.add(row);
      say(BenchReport.line(row));
    }
    say("");
    rows.forEach(row -> say(BenchReport.account(row)));
    BenchReport report = new BenchReport(node.name(), cores, load(Way.WEBSOCKET), rows);
    json.ifPresent(file -> report.write(file, Instant.now()));
    return report;
  }

  private Load.Spec load(Way way) {
    int measured = way == Way.WEBSOCKET ? seconds : Math.min(seconds, MOST_COMPARISON_SECONDS);
    return new Load.Spec(size, inFlight, WARM_UP, measured, PATIENCE);
  }

  private RabbitVersion version() {
    return switch (broker) {
      case "3.10" -> RabbitVersion.V3_10;
      case "4.0" -> RabbitVersion.V4_0;
      default -> throw wrong("--broker is 3.10 or 4.0, not '%s'".formatted(broker));
    };
  }

  private void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw wrong("%s has to be from %d to %d, not %d".formatted(option, least, most, value));
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
