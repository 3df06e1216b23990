package org.messagebusbridge.sandbox.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.logging.LogManager;
import org.messagebusbridge.sandbox.RabbitExtras;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.RecordedPage;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the benchmark. */
@Command(
    name = "mbb bench",
    subcommands = {StartupBench.class, BacklogBench.class, GrowthBench.class},
    header = "Measures the bridge, and what it is compared with, on a private RabbitMQ.",
    description = {
      "",
      "Everything runs on this machine: the broker, each bridge in a process of its own with the"
          + " flags it is shipped with, the load and the WebSocket services in this one. The ways"
          + " have their turns round after round, so that a machine that becomes slower meanwhile"
          + " is slower for all; the figures are medians, and each goal is a ratio of two ways in"
          + " the same rounds. First the load keeps a fixed number of transient messages in flight"
          + " (saturation), then it sends at fixed rates and times each message from when it was"
          + " due.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  mbb bench --quick                        under a minute: no large messages, one round",
      "  mbb bench --full --html bench.html       all there is, as a page too; some 25 minutes",
      "  mbb bench --only pong,flush --sizes 200 --rates none",
      "  mbb bench backlog --help                 the same for each of the other benchmarks"
    })
public final class Bench extends OnBroker {

  private static final String NONE = "none";
  private static final String PART = "benchmark";
  private static final int ROUNDS = 5;

  @Option(
      names = "--only",
      paramLabel = "WAY",
      split = ",",
      description =
          "These ways only, of direct, floor, shovel, shovel-tcp, loopback, pong, flush, wss and"
              + " benthos.")
  private List<Way> only = List.of();

  @Option(
      names = "--sizes",
      paramLabel = "BYTES",
      split = ",",
      description = "How long messages are, at saturation (200,4096,65536,1048576).")
  private List<Integer> sizes = List.of(200, 4_096, 65_536, 1_048_576);

  @Option(
      names = "--rates",
      paramLabel = "N",
      description =
          "Messages a second at which round trips are timed, with the first size, or 'none'"
              + " (${DEFAULT-VALUE}).")
  private String rates = "500,5000";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How many turns each way has (${DEFAULT-VALUE}).")
  private int rounds = ROUNDS;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long a turn is measured, 1 to 60 (${DEFAULT-VALUE}).")
  private int seconds = 3;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "How many messages are out at a time, at saturation (${DEFAULT-VALUE}).")
  private int inFlight = 2_000;

  @Option(
      names = "--quick",
      description =
          "One short round of the most important: the first size and rate, without shovel-tcp, wss"
              + " and benthos; under a minute.")
  private boolean quick;

  @Option(
      names = "--full",
      description =
          "Beside the ways measure the start, a long queue, and fleets on one node and on a cluster"
              + " of three, as the commands below do one by one: every goal there is.")
  private boolean full;

  @Option(
      names = "--benthos",
      paramLabel = "FILE",
      description =
          "The binary of Benthos 4.27 to compare with, which tools/benthos builds (its default"
              + " place: ${DEFAULT-VALUE}); without it that way is left out.")
  private Path benthos =
      Path.of(System.getProperty("user.home"), ".cache", "mbb", "benthos-4.27", "benthos");

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result there too, with every second's count.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the result there as a page with plots.")
  private Optional<Path> html = Optional.empty();

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description =
          "Put the result into this page of Markdown, between its marks for the benchmark, as in"
              + " docs/performance.md.")
  private Optional<Path> write = Optional.empty();

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
  boolean measure(RabbitVersion version, Resources resources) throws InterruptedException {
    return run(version, plan(), resources).isClean();
  }

  private Results run(RabbitVersion version, Plan plan, Resources resources)
      throws InterruptedException {
    Launcher launcher = Launcher.fromEnvironment();
    RabbitExtras extras =
        plan.ways().contains(Way.SHOVEL) || plan.ways().contains(Way.SHOVEL_TCP)
            ? RabbitExtras.NONE.withPlugin("rabbitmq_shovel")
            : RabbitExtras.NONE;
    RabbitNode node = resources.open(() -> RabbitNode.start(version, extras));
    Instant begin = Instant.now();
    int cores = Runtime.getRuntime().availableProcessors();
    say(
        "%s, everything on one machine with %d cores; %d rounds of %d s; about %d s in all"
            .formatted(
                node.name(),
                cores,
                plan.rounds(),
                plan.seconds(),
                plan.duration().toSeconds() * 11 / 10 + (full ? 25 + 80 * rounds : 10)));
    Progress progress = progress();
    BenchRun run =
        new BenchRun(
            resources,
            node,
            own -> new Contenders(launcher, own, node, Optional.of(benthos)),
            progress::show);
    List<Row> rows = run.measure(plan, done -> tell(progress, BenchReport.table(done)));
    Results.Extras others =
        full
            ? new ExtrasRun(
                    launcher, resources, rounds, progress::show, lines -> tell(progress, lines))
                .measure(node)
            : Results.Extras.NONE;
    Results results =
        new Results(
            begin,
            node.name(),
            cores,
            plan.inFlight(),
            plan.rounds(),
            plan.seconds(),
            rows,
            others);
    if (!results.outcomes().isEmpty()) {
      say("");
      BenchReport.goals(results.outcomes()).forEach(this::say);
    }
    json.ifPresent(file -> BenchFiles.write(file, BenchFiles.json(results)));
    html.ifPresent(file -> BenchFiles.write(file, BenchPage.of(results)));
    write.ifPresent(
        file -> new RecordedPage(file).write(PART, BenchMarkdown.of(results, Machine.describe())));
    return results;
  }

  private void tell(Progress progress, List<String> lines) {
    progress.clear();
    say("");
    lines.forEach(this::say);
  }

  @Override
  void check() {
    check("--rounds", rounds, 1, 100);
    check("--seconds", seconds, 1, 60);
    check("--in-flight", inFlight, 1, 100_000);
    sizes.forEach(size -> check("--sizes", size, Payload.MIN_SIZE, 16 * 1024 * 1024));
    rates().forEach(rate -> check("--rates", rate, 1, 1_000_000));
    if (quick && full) {
      throw wrong("--quick and --full exclude each other");
    }
    write.ifPresent(this::checkPage);
    if (only.contains(Way.BENTHOS) && !Files.isExecutable(benthos)) {
      throw wrong("--only names benthos, but %s is no program; see --benthos".formatted(benthos));
    }
  }

  private void checkPage(Path page) {
    try {
      new RecordedPage(page).check(PART);
    } catch (SandboxException e) {
      throw wrong("--write: " + String.valueOf(e.getMessage()).replaceFirst("\\.$", ""));
    }
  }

  private Plan plan() {
    return quick
        ? Plan.quick(ways(), sizes.getFirst(), rates(), inFlight)
        : new Plan(ways(), sizes, rates(), rounds, seconds, inFlight);
  }

  private List<Way> ways() {
    if (!only.isEmpty()) {
      return Arrays.stream(Way.values()).filter(only::contains).toList();
    }
    List<Way> ways = new ArrayList<>(List.of(Way.values()));
    if (quick) {
      ways.removeAll(List.of(Way.SHOVEL_TCP, Way.WSS, Way.BENTHOS));
    } else if (!Files.isExecutable(benthos)) {
      ways.remove(Way.BENTHOS);
      say("Benthos is left out: %s is not there (tools/benthos builds it).".formatted(benthos));
    }
    return ways;
  }

  private List<Integer> rates() {
    if (rates.equals(NONE)) {
      return List.of();
    }
    try {
      return Arrays.stream(rates.split(",")).map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw wrong("--rates is 'none' or numbers such as 500,5000, not '%s'".formatted(rates));
    }
  }
}
