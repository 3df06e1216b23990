package org.messagebusbridge.tester;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.messagebusbridge.amqp.AmqpConfig;
import org.messagebusbridge.aws.AwsException;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.observability.Printable;
import org.messagebusbridge.tester.Console.Severity;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The tester's command line: the flags of the Python service's tester. */
@Command(
    name = "mbb tester",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    header = "Sends numbered messages through a bridge and accounts for each one.",
    description = {
      "",
      "Puts messages into the queue that the bridge consumes (mq_qname_to_ws) and takes them from"
          + " the one that it publishes to (mq_qname_from_ws), so the WebSocket service has to echo"
          + " them. Both queues are created when missing. Reads section aws_mq of the bridge's"
          + " configuration; MBB_AWS_MQ_<KEY> in the environment overrides a key of it.",
      "",
      "Messages that are not its own are held until the end and then given back, in their old"
          + " places; nobody else can take them meanwhile. With -x they are consumed.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every message came back",
      "1:some did not, or they were slower than --max-p99",
      "2:the command line or the configuration is wrong",
      "3:the broker cannot be reached or refuses",
      "130:stopped by Ctrl-C, with the summary of what was done"
    },
    footer = {
      "",
      "Examples:",
      "  mbb tester                                  eight messages, a second apart",
      "  mbb tester -v -n 100 -d 0.1                 a table that fills the terminal",
      "  mbb tester --rate 1000 --duration 60 --size 200-4000 --html run.html",
      "  mbb tester --rate 100 --max-p99 250         fails when it is slow, too",
      "  mbb tester --ws-echo 8080                   be the WebSocket service, too",
      "  mbb tester --direct --rate 20000            what broker and tester can do",
      "  mbb tester -x                               clear the queue of foreign ones, too"
    })
public final class TesterCommand implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;
  private static final int NO_BROKER = 3;

  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  @Option(
      names = {"-v", "--visual"},
      description = "Show a table of the messages that fills the terminal.")
  private boolean visual;

  @Option(
      names = {"-g", "--graph"},
      description = "Show one cell a message, on the whole terminal.")
  private boolean graph;

  @Mixin private LoadOptions load = new LoadOptions();

  @Option(
      names = {"-x", "--exclusive"},
      description = "The queue is the tester's alone: consume foreign messages too.")
  private boolean exclusive;

  @Option(
      names = {"-e", "--end-delay"},
      paramLabel = "SECONDS",
      description =
          "How long to wait for those still out when all are sent (${DEFAULT-VALUE}); it ends"
              + " earlier when all are back.")
  private BigDecimal endDelay = BigDecimal.valueOf(30);

  @Option(
      names = {"-f", "--focused"},
      description = "Say nothing of foreign messages.")
  private boolean focused;

  @Mixin private BrokerOptions brokerOptions = new BrokerOptions();

  @Option(
      names = "--late",
      paramLabel = "MS",
      description = "What takes longer is late (${DEFAULT-VALUE}).")
  private BigDecimal late = BigDecimal.valueOf(1_000);

  @Option(
      names = "--max-p99",
      paramLabel = "MS",
      description = "Exit with 1, too, when the 99th percentile of the round trips is above it.")
  private Optional<BigDecimal> maxP99 = Optional.empty();

  @Mixin private ReportOptions reports = new ReportOptions();

  @Mixin private EchoOptions echo = new EchoOptions();

  /** The command of this process's environment. */
  public TesterCommand() {
    this(System.getenv());
  }

  private TesterCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The command line, whose errors are sentences and exit with 2. */
  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new TesterCommand(environment))
        .setParameterExceptionHandler(TesterCommand::wrongUse)
        .setExecutionExceptionHandler((e, line, parsed) -> failed(e, line));
  }

  private static int wrongUse(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println(Printable.line("error: " + e.getMessage() + "."));
    err.println("'mbb tester --help' shows what there is.");
    err.flush();
    return WRONG_USE;
  }

  private static int failed(Exception e, CommandLine line) {
    PrintWriter err = line.getErr();
    err.println(Printable.line("error: this is a bug: %s. Please report it.".formatted(e)));
    err.flush();
    return FAILED;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Clock clock = Clock.system(ZoneId.systemDefault());
    Console console = new Console(out, spec.commandLine().getErr(), clock);
    if (echo.isWanted() && load.isNothing()) {
      return echo.forEver(console);
    }
    Plan plan = plan();
    Optional<Duration> limit = maxP99.map(millis -> load.millis("--max-p99", millis));
    List<ReportFile> files = reports.files();
    Closing closing = new Closing(console, limit, files);
    try {
      AmqpConfig broker = brokerOptions.read(environment, console);
      Optional<EchoServer> service = echo.server();
      try {
        return run(broker, plan, service, console, clock, closing);
      } finally {
        service.ifPresent(EchoServer::close);
      }
    } catch (ConfigurationException e) {
      e.warnings().forEach(warning -> console.complain(Severity.WARNING, warning.toString()));
      e.problems().forEach(problem -> console.complain(Severity.ERROR, problem.toString()));
      return WRONG_USE;
    } catch (AwsException e) {
      console.complain(Severity.ERROR, e.sentence());
      return e.isMistake() ? WRONG_USE : NO_BROKER;
    } catch (TesterException e) {
      console.complain(Severity.ERROR, e.sentence());
      return NO_BROKER;
    }
  }

  private int run(
      AmqpConfig broker,
      Plan plan,
      Optional<EchoServer> service,
      Console console,
      Clock clock,
      Closing closing)
      throws TesterException, InterruptedException {
    MessageLog log = new MessageLog(ProcessHandle.current().pid(), plan.payload(), plan.late());
    View view = view(plan, console, log, clock);
    TestRun.Preparation bridge =
        () -> {
          if (service.isPresent()) {
            EchoOptions.awaitBridge(service.get(), console);
          }
        };
    TestRun run = new TestRun(Route.of(broker, plan), plan, log, view, clock, bridge);
    try (StopSignal _ = StopSignal.stopping(run)) {
      return closing.close(broker, plan, log, run.run());
    }
  }

  private Plan plan() {
    if (visual && graph) {
      throw wrong("-v and -g show the run in two ways; leave one out");
    }
    if (load.isDirect() && echo.isWanted()) {
      throw wrong("--direct leaves the bridge out, so --ws-echo would echo nothing; leave one out");
    }
    return new Plan(
        load.schedule(),
        load.payload(),
        load.window(),
        load.millis("--late", late),
        exclusive,
        load.seconds("-e", endDelay),
        focused,
        load.isDirect());
  }

  private View view(Plan plan, Console console, MessageLog log, Clock clock) {
    if (visual || graph) {
      Optional<ScreenView> screen = ScreenView.open(console, clock, plan, log, visual, environment);
      if (screen.isPresent()) {
        return screen.get();
      }
      console.complain(
          Severity.WARNING,
          "%s needs standard input and output on a terminal whose cursor can be moved; the run is shown in lines."
              .formatted(visual ? "-v" : "-g"));
    }
    return load.isForEyes()
        ? new LinesView(console, plan.focused())
        : new ProgressView(console, log);
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
