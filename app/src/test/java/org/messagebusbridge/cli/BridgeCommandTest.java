package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.websocket.WebSocketKeys;

class BridgeCommandTest {
  private static final String BROKER =
      """
      [aws_mq]
      mq_host=localhost
      mq_user_id=user
      mq_password=hunter2
      mq_qname_to_ws=to_ws
      mq_qname_from_ws=from_ws
      """;
  private static final String BOTH =
      BROKER
          + """
          [ws_api]
          api_host=ws://localhost:8080
          api_uri=/ws
          """;

  @TempDir private Path directory;
  private String brokerOnly = "";
  private String complete = "";
  private final List<Started> started = new ArrayList<>();

  private record Started(Configuration configuration, boolean stub, Optional<Duration> limit) {}

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void writeFiles() throws IOException {
    brokerOnly = Files.writeString(directory.resolve("broker.ini"), BROKER).toString();
    complete = Files.writeString(directory.resolve("complete.ini"), BOTH).toString();
  }

  private Run run(String... arguments) {
    return run(
        run -> {
          started.add(new Started(run.configuration(), run.stub(), run.limit()));
          return 0;
        },
        arguments);
  }

  private static Run run(BridgeRunner runner, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        CommandRunner.commandLine(new BridgeCommand(Map.of(), runner), "mbb bridge")
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Run(exitCode, out.toString(), err.toString());
  }

  @Test
  void startsABridgeThatRunsForEverByDefault() {
    Run run = run("-c", complete);

    assertThat(run)
        .isEqualTo(new Run(0, "MQ to WebSocket Message Bridge vdevelopment starting up\n", ""));
    assertThat(started).hasSize(1);
    assertThat(started.getFirst().stub()).isFalse();
    assertThat(started.getFirst().limit()).isEmpty();
    assertThat(started.getFirst().configuration().find(WebSocketKeys.API_HOST)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"-v -d", "-vd", "--verbose --debug", "-v", "--debug"})
  void takesTheSwitchesOfThePythonService(String switches) {
    List<String> arguments = new ArrayList<>(List.of(switches.split(" ", -1)));
    arguments.addAll(List.of("--config", brokerOnly, "--websocket-stub", "--runsecs", "90"));

    Run run = run(arguments.toArray(String[]::new));

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(started).hasSize(1);
    assertThat(started.getFirst().stub()).isTrue();
    assertThat(started.getFirst().limit()).contains(Duration.ofSeconds(90));
  }

  @Test
  void needsNoWebSocketSectionForTheStubButOtherwise() {
    assertThat(run("-X", "-c", brokerOnly).exitCode()).isZero();

    Run run = run("-c", brokerOnly);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("error: ws_api."))
        .anyMatch(line -> line.contains("api_host"))
        .anyMatch(line -> line.contains("api_uri"));
    assertThat(started).hasSize(1);
  }

  @Test
  void saysWhichFileIsMissing() {
    Run run = run("-c", directory.resolve("none.ini").toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("error: ").contains("none.ini");
    assertThat(started).isEmpty();
  }

  @Test
  void suggestsTheFlagThatWasMeant() {
    Run run = run("--runsex");

    assertThat(run)
        .isEqualTo(
            new Run(
                2,
                "",
                """
                error: Unknown option: '--runsex'.
                Possible solutions: --runsecs
                'mbb bridge --help' shows what there is.
                """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--runsecs -1 | --runsecs must be 0",
        "--runsecs soon | 'soon' is not a long",
        "-M | -M (--migrate-config) needs -s",
        "-r eu-west-1 | -r (--ssm-region) needs -s",
        "--dry-run | --dry-run needs -M (--migrate-config)",
        "stray | Unmatched argument at index 0: 'stray'",
      })
  void refusesFlagsThatMakeNoSense(String flags, String sentence) {
    Run run = run(flags.split(" ", -1));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().limit(1)).allMatch(line -> line.startsWith("error: "));
    assertThat(run.err()).contains(sentence).endsWith("shows what there is.\n");
    assertThat(started).isEmpty();
  }

  @Test
  void givesAFailureAsItsSentenceWithExitCodeOne() {
    BusException cause = new BusException(BusException.Kind.UNAVAILABLE, "No broker.", null);

    Run run =
        run(
            asked -> {
              throw CommandException.failure("No broker.", cause);
            },
            "-c",
            complete);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("error: No broker.\n");
  }

  @Test
  void whatOthersWroteMakesNoLineOfItsOwnAndNoOrderToATerminal() {
    Run run =
        run(
            asked -> {
              throw CommandException.failure(
                  "CN=x\nerror: all is lost\u001b[2J\u009b2J\u007f\u202e.", null);
            },
            "-c",
            complete);

    assertThat(run.err())
        .isEqualTo("error: CN=x\\nerror: all is lost\\u001b[2J\\u009b2J\\u007f\\u202e.\n");
  }

  /** The one line is the log's, which has a time and is where the others are. */
  @Test
  void whatEndedABridgeThatRanIsNoLineOfTheCommand() {
    Run run =
        run(
            asked -> {
              throw CommandException.ended(3, "It ends.", new StackOverflowError());
            },
            "-c",
            complete);

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void whatTheLogHasAlreadyIsNotToldAgain() {
    Run run =
        run(
            asked -> {
              throw CommandException.gaveUp("Gave up: no broker.", new IllegalStateException());
            },
            "-c",
            complete);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void callsABugABugWithoutAStackTrace() {
    Run run =
        run(
            asked -> {
              throw new IllegalStateException("two\nlines");
            },
            "-c",
            complete);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "error: this is a bug: java.lang.IllegalStateException: two\\nlines."
                + " Please report it with what '-d' shows.\n");
  }

  @Test
  void helpsWithEveryFlagAndExamples() {
    Run run = run("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("Usage: mbb bridge ")
        .contains("--runsecs=N", "-v, --verbose", "-d, --debug", "-c, --config=FILE")
        .contains("-r, --ssm-region=REGION", "-s, --ssm", "-M, --migrate-config")
        .contains("-X, --websocket-stub", "-l, --cloudwatch-logs", "-m, --cloudwatch-metrics")
        .contains("-h, --help", "-V, --version", "Examples:", "Exit codes: 0 done")
        .doesNotContain("hunter2");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void tellsItsVersion() {
    assertThat(run("-V")).isEqualTo(new Run(0, "MessageBusBridge development\n", ""));
  }

  @Test
  void tellsItsFlagsInTheHelp() {
    Run run = run("--help");

    assertThat(run)
        .isEqualTo(
            new Run(
                0,
                """
                Usage: mbb bridge [-dhlmMsvVX] [--dry-run] [-c=FILE] [-r=REGION] [--runsecs=N]
                Carries messages between MQ queues and a WebSocket API, both ways.
                      --runsecs=N            Stop after N seconds (default: 0, run for ever).
                  -v, --verbose              Log what the bridge does (INFO).
                  -d, --debug                Log what helps to find faults (DEBUG); does not
                                               imply -v.
                  -c, --config=FILE          The INI file (default: mq2wsbridge.ini).
                  -s, --ssm                  Read the SSM parameters
                                               /mq2wsbridge/<section>/<key> instead of the file.
                  -r, --ssm-region=REGION    The AWS region of the SSM parameters (with -s);
                                               else that of the environment, the profile, the
                                               ECS task or the EC2 instance.
                  -M, --migrate-config       Write what the INI file sets to SSM parameters, as
                                               SecureStrings over those that are there, and
                                               exit (needs -s).
                      --dry-run              With -M: show what would be written, and write
                                               nothing.
                  -X, --websocket-stub       Use no WebSocket: send every message back to MQ.
                  -l, --cloudwatch-logs      Log to CloudWatch Logs instead of standard output
                                               and standard error.
                  -m, --cloudwatch-metrics   Send metrics to CloudWatch.
                  -h, --help                 Show this help message and exit.
                  -V, --version              Print version information and exit.

                Examples:
                  mbb bridge -v              with ./mq2wsbridge.ini, logging what it does
                  mbb bridge -c firm.ini -X  without a WebSocket: what MQ sends comes back
                  mbb bridge -s -r eu-west-1  with SSM parameters of that region
                  mbb bridge -s -M --dry-run  what of the file would become parameters
                  MBB_AWS_MQ_MQ_PASSWORD=... mbb bridge -c firm.ini
                                             with a value of the file replaced

                SIGTERM or SIGINT ends it, after what is on its way has arrived; a second
                one ends it at once.
                Exit codes: 0 done, 1 failed while running, 2 wrong flags or configuration.
                """,
                ""));
  }
}
