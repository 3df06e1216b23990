package org.messagebusbridge.sandbox.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.BrokerUri;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import org.messagebusbridge.sandbox.child.Service;
import org.messagebusbridge.sandbox.child.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the demo. */
@Command(
    name = "mbb demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    header = "Broker, WebSocket service, bridge and tester in one go.",
    description = {
      "",
      "Starts an AMQP broker in memory, a WebSocket echo service that checks the bridge's token,"
          + " the real bridge and the real tester, shows the messages as they come back, and sums"
          + " up. Nothing stays behind.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every message came back",
      "1:some did not, or a part failed",
      "2:the command line is wrong",
      "130:stopped by Ctrl-C"
    },
    footer = {
      "",
      "Examples:",
      "  mbb demo",
      "  mbb demo --seconds 10 --rate 500",
      "  mbb demo --broker amqp://guest:guest@localhost:5672/",
      "  MBB_AWS_MQ_MQ_PASSWORD=... mbb demo --broker amqps://me@mq.example.com/",
      "  mbb demo --ws wss://echo.example.com/path"
    })
public final class Demo implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;
  private static final int STOPPED = 130;
  private static final int MOST_MESSAGES = 10_000_000;

  @Spec private CommandSpec spec = CommandSpec.create(); // replaced by picocli

  @Option(
      names = "--broker",
      paramLabel = "URI",
      description =
          "A broker of your own: amqp[s]://user:password@host:port/vhost. It gets two queues named"
              + " mbb-demo..., which are deleted at the end. Without a password in it,"
              + " MBB_AWS_MQ_MQ_PASSWORD is taken.")
  private Optional<String> broker = Optional.empty();

  @Option(
      names = "--ws",
      paramLabel = "URL",
      description =
          "A WebSocket service of your own that echoes: ws[s]://host:port/path. What else it asks"
              + " for is taken from the environment, such as MBB_WS_API_CLIENT_ID and"
              + " MBB_WS_API_CLIENT_SECRET.")
  private Optional<String> service = Optional.empty();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long to send (${DEFAULT-VALUE}).")
  private int seconds = 5;

  @Option(names = "--rate", paramLabel = "N", description = "How many messages a second (50).")
  private double rate = 50;

  /** Runs the demo and ends the process with its exit code. */
  public static void main(String[] args) {
    CommandLine command =
        commandLine()
            .setOut(new PrintWriter(System.out, true, System.out.charset()))
            .setErr(new PrintWriter(System.err, true, System.err.charset()));
    // The demo says what happens in its own words, whatever the broker in this process prints.
    LogManager.getLogManager().reset();
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
    System.exit(command.execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Demo())
        .setParameterExceptionHandler(
            (e, args) -> {
              complain(e.getCommandLine(), "error: " + e.getMessage() + ".");
              complain(e.getCommandLine(), "'mbb demo --help' shows what there is.");
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
    PrintWriter err = command.getErr();
    err.println(line);
    err.flush();
  }

  @Override
  public Integer call() throws InterruptedException {
    if (seconds < 1 || !(rate > 0) || Math.round(seconds * rate) > MOST_MESSAGES) {
      throw wrong("--seconds and --rate have to be above 0, and their product 10,000,000 at most");
    }
    Optional<BrokerUri> ownBroker;
    Optional<Service> ownService;
    try {
      ownBroker = broker.map(uri -> BrokerUri.parse(uri, password()));
      ownService = service.map(Service::parse);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()).replaceFirst("\\.$", ""));
    }
    int messages = (int) Math.max(1, Math.round(seconds * rate));
    PrintWriter out = spec.commandLine().getOut();
    DemoView view = new DemoView(out, Style.wanted(System.getenv()));
    try (Resources resources = Resources.closedOnSignal()) {
      try {
        DemoRun run = new DemoRun(Launcher.fromEnvironment(), resources, view);
        return run.run(ownBroker, ownService, messages, rate) ? 0 : FAILED;
      } catch (SandboxException e) {
        if (resources.isClosed()) {
          return STOPPED; // what failed was being closed
        }
        throw e;
      }
    }
  }

  private static Optional<String> password() {
    return Optional.ofNullable(System.getenv("MBB_AWS_MQ_MQ_PASSWORD"));
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
