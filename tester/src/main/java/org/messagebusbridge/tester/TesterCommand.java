package org.messagebusbridge.tester;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.Callable;
import org.messagebusbridge.config.AmqpConfig;
import org.messagebusbridge.config.ConfigurationException;
import org.messagebusbridge.config.ConfigurationLoader;
import org.messagebusbridge.config.Problem;
import org.messagebusbridge.config.Requirements;
import org.messagebusbridge.tester.Console.Severity;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
      "1:some did not",
      "2:the command line or the configuration is wrong",
      "3:the broker cannot be reached or refuses",
      "130:stopped by Ctrl-C, with the summary of what was done"
    })
public final class TesterCommand implements Callable<Integer> {

  private static final int OK = 0;
  private static final int SOME_LOST = 1;
  private static final int WRONG_USE = 2;
  private static final int NO_BROKER = 3;
  private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(86_400);

  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  @Option(
      names = {"-n", "--number"},
      paramLabel = "N",
      description = "How many messages to send (${DEFAULT-VALUE}).")
  private int number = 8;

  @Option(
      names = {"-d", "--delay"},
      paramLabel = "SECONDS",
      description =
          "From one message to the next, with a fraction if need be (${DEFAULT-VALUE}); 0: as fast"
              + " as the broker takes them.")
  private BigDecimal delay = BigDecimal.ONE;

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

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The bridge's INI file (mq2wsbridge.ini).")
  private Path config = ConfigurationLoader.DEFAULT_FILE;

  @Option(
      names = {"-v", "--visual"},
      hidden = true)
  private boolean visual;

  @Option(
      names = {"-g", "--graph"},
      hidden = true)
  private boolean graph;

  @Option(
      names = {"-r", "--report"},
      hidden = true)
  private boolean report;

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
        .setParameterExceptionHandler(TesterCommand::wrongUse);
  }

  private static int wrongUse(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("error: " + e.getMessage() + ".");
    err.println("'mbb tester --help' shows what there is.");
    err.flush();
    return WRONG_USE;
  }

  @Override
  public Integer call() throws InterruptedException {
    Plan plan = plan();
    PrintWriter err = spec.commandLine().getErr();
    Clock clock = Clock.system(ZoneId.systemDefault());
    Console console = new Console(spec.commandLine().getOut(), err, clock);
    try {
      TestRun run = new TestRun(amqp(console), plan, console, clock, ProcessHandle.current().pid());
      try (StopSignal signal = StopSignal.stopping(run)) {
        Summary summary = run.run();
        return signal.hasCome() || summary.lost() > 0 ? SOME_LOST : OK;
      }
    } catch (ConfigurationException e) {
      e.warnings().forEach(warning -> console.complain(Severity.WARNING, warning.toString()));
      e.problems().forEach(problem -> console.complain(Severity.ERROR, problem.toString()));
      return WRONG_USE;
    } catch (TesterException e) {
      console.complain(Severity.ERROR, e.sentence());
      return NO_BROKER;
    }
  }

  private Plan plan() {
    for (String later : new String[] {visual ? "-v" : "", graph ? "-g" : "", report ? "-r" : ""}) {
      if (!later.isEmpty()) {
        throw wrong(later + " is not there yet in this version of the tester; leave it out");
      }
    }
    if (number < 1 || number > TestMessage.MAX_NUMBER) {
      throw wrong("-n has to be from 1 to %d, not %d".formatted(TestMessage.MAX_NUMBER, number));
    }
    return new Plan(number, seconds("-d", delay), exclusive, seconds("-e", endDelay), focused);
  }

  private Duration seconds(String option, BigDecimal seconds) {
    if (seconds.signum() < 0 || seconds.compareTo(LONGEST_SECONDS) > 0) {
      throw wrong(
          "%s has to be from 0 to %s seconds, not %s"
              .formatted(option, LONGEST_SECONDS, seconds.toPlainString()));
    }
    return Duration.ofNanos(seconds.movePointRight(9).longValue());
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private AmqpConfig amqp(Console console) throws ConfigurationException {
    ConfigurationLoader.Loaded loaded =
        ConfigurationLoader.load(config, environment, Requirements.tester());
    for (Problem warning : loaded.warnings()) {
      console.complain(Severity.WARNING, warning.toString());
    }
    return loaded.configuration().amqp();
  }
}
