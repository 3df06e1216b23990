package org.messagebusbridge.sandbox.faults;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import java.util.stream.Collectors;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RecordedPage;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import org.messagebusbridge.sandbox.child.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the soak. */
@Command(
    name = "mbb soak",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    header = "Random faults against one running bridge, and an account of every message.",
    description = {
      "",
      "A private RabbitMQ, the bridge in a process of its own, and 2,000 messages a second each way"
          + " while connections are cut, closed, swallowed and refused, and the broker is"
          + " restarted, killed and in alarm.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing was lost or out of order, duplicates were within the windows, memory stayed flat",
      "1:that was not so, or a part failed",
      "2:the command line is wrong",
      "130:stopped by Ctrl-C"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  mbb soak",
      "  mbb soak --minutes 2 --rabbit 3.10 --seed 42",
      "  mbb soak --minutes 30 --write docs/faults.md"
    })
public final class Soak implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;
  private static final int STOPPED = 130;

  @Spec private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "How long faults strike, 1 to 1440 (${DEFAULT-VALUE}).")
  private int minutes = 30;

  @Option(
      names = "--rabbit",
      paramLabel = "VERSION",
      description =
          "RabbitMQ 3.10 with classic queues, or 4.0 with quorum queues (${DEFAULT-VALUE}).")
  private String rabbit = "4.0";

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of all that is random; that of a run is printed.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "Write the bridge's log and every fault there (${DEFAULT-VALUE}).")
  private Path log = Path.of("target", "soak.log");

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Write the result into this page, which has marks for it: docs/faults.md.")
  private Optional<Path> page = Optional.empty();

  /** Runs the soak and ends the process with its exit code. */
  public static void main(String[] args) {
    LogManager.getLogManager().reset();
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Soak())
        .setParameterExceptionHandler(
            (e, args) -> {
              complain(e.getCommandLine(), "error: " + e.getMessage() + ".");
              complain(e.getCommandLine(), "'mbb soak --help' shows what there is.");
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
    Target target = target();
    if (minutes < 1 || minutes > 1440) {
      throw wrong("--minutes has to be from 1 to 1440, not " + minutes);
    }
    Launcher launcher = Launcher.fromEnvironment();
    try (Resources resources = Resources.closedOnSignal()) {
      try {
        return run(launcher, resources, target).isGood() ? 0 : FAILED;
      } catch (SandboxException e) {
        if (resources.isClosed()) {
          return STOPPED; // what failed was being closed
        }
        throw e;
      }
    }
  }

  private Result run(Launcher launcher, Resources resources, Target target)
      throws InterruptedException {
    long chances = seed.orElseGet(() -> System.nanoTime() % 1_000_000);
    LineLog lines = resources.open(() -> new LineLog(log));
    RabbitNode node = resources.open(() -> RabbitNode.start(target.version()));
    say(
        "%s with %s queues, seed %d, %d minutes; the log is %s"
            .formatted(node.name(), target.queueType(), chances, minutes, log));
    ProgressLine progress =
        new ProgressLine(spec.commandLine().getOut(), Boolean.getBoolean("mbb.terminal.out"));
    SoakRow soak = new SoakRow(Duration.ofMinutes(minutes), target, progress::show);
    Result result =
        new FaultRun(
                node, ChildBridge.by(launcher, lines), chances, text -> lines.add("-- " + text))
            .run(soak.row(), target);
    progress.end();
    say(Report.line(result));
    result.failures().forEach(failure -> say("       " + failure));
    String more = details(soak);
    say(more);
    page.ifPresent(
        file ->
            new RecordedPage(file)
                .write(
                    "soak",
                    "%s; %s, %s queues; JDK %s; seed %d\n\n%s\n%s\n"
                        .formatted(
                            Instant.now().truncatedTo(ChronoUnit.MINUTES),
                            node.name(),
                            target.queueType(),
                            Runtime.version(),
                            chances,
                            Report.table(List.of(result)),
                            more)));
    return result;
  }

  private static String details(SoakRow soak) {
    return "Resident memory: %d MiB in the first quarter, %d MiB in the last (medians). Faults: %s."
        .formatted(
            soak.memory().first() / 1024,
            soak.memory().last() / 1024,
            soak.counts().entrySet().stream()
                .map(fault -> fault.getKey() + " " + fault.getValue())
                .collect(Collectors.joining(", ")));
  }

  private Target target() {
    return switch (rabbit) {
      case "3.10" -> Target.RABBIT_3_10;
      case "4.0" -> Target.RABBIT_4_0_QUORUM;
      default -> throw wrong("--rabbit is 3.10 or 4.0, not '%s'".formatted(rabbit));
    };
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
