package org.messagebusbridge.tester;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.sandbox.EmbeddedBroker;
import org.messagebusbridge.sandbox.FreePorts;
import picocli.CommandLine;

@Timeout(180)
class TesterCommandTest {

  private static EmbeddedBroker broker;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();
  @TempDir private Path directory;
  private Path ini = Path.of("to be written");

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
    broker.declareQueue("echoed.to");
    broker.declareQueue("echoed.from");
    broker.declareQueue("swallowed.to");
    broker.declareQueue("swallowed.from");
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void writeConfiguration() throws Exception {
    ini = directory.resolve("mq2wsbridge.ini");
    Files.writeString(
        ini,
        """
        [aws_mq]
        mq_host = localhost
        mq_port = %d
        mq_tls = false
        mq_user_id = %s
        mq_password = %s
        mq_qname_to_ws = echoed.to
        mq_qname_from_ws = echoed.from
        """
            .formatted(broker.port(), broker.user(), broker.password()));
  }

  private int execute(String... args) {
    CommandLine command = TesterCommand.commandLine(environment);
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(args);
  }

  private int executeConfigured(String... args) {
    String[] all = new String[args.length + 2];
    all[0] = "-c";
    all[1] = ini.toString();
    System.arraycopy(args, 0, all, 2, args.length);
    return execute(all);
  }

  @Test
  void exitsWithZeroWhenAllCameBack() throws Exception {
    Connection echo =
        Echo.start(broker.connectionFactory(), "echoed.to", "echoed.from", number -> 1);
    try {
      assertThat(executeConfigured("-n", "12", "-d", "0.001")).isZero();
    } finally {
      echo.close();
    }
    assertThat(out.toString().lines().toList().getLast())
        .startsWith(
            "Sent 12, received 12, lost 0, duplicated 0, foreign 0, out of order 0; round trip"
                + " p50");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void exitsWithOneWhenSomeDidNot() throws Exception {
    environment.put("MBB_AWS_MQ_MQ_QNAME_TO_WS", "swallowed.to");
    environment.put("MBB_AWS_MQ_MQ_QNAME_FROM_WS", "swallowed.from");
    Connection echo =
        Echo.start(
            broker.connectionFactory(),
            "swallowed.to",
            "swallowed.from",
            number -> number <= 3 ? 0 : 1);
    try {
      assertThat(executeConfigured("-n", "10", "-d", "0", "-e", "5")).isEqualTo(1);
    } finally {
      echo.close();
    }
    assertThat(out.toString().lines().toList().getLast())
        .startsWith("Sent 10, received 7, lost 3, duplicated 0, foreign 0, out of order 0;");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void carriesALoadOfLargeBinaryMessagesAndShowsTheLoadRatherThanEachOfThem() throws Exception {
    Connection echo =
        Echo.start(broker.connectionFactory(), "echoed.to", "echoed.from", number -> 1);
    try {
      assertThat(
              executeConfigured(
                  "--rate=500", "--duration=3", "--size=200-4000", "--binary", "--window=800"))
          .isZero();
    } finally {
      echo.close();
    }
    assertThat(out.toString().lines().toList())
        .hasSizeGreaterThanOrEqualTo(4)
        .satisfies(
            lines -> {
              int progress = lines.size() - 3; // a line a second, and it may take longer
              assertThat(lines.get(0)).startsWith("Sending 1500 messages to 'echoed.to'");
              assertThat(lines.subList(1, 1 + progress))
                  .allMatch(line -> line.matches(" +\\d+ s  sent \\d+ \\(\\d+/s\\)  received .*"));
              assertThat(lines.get(1 + progress)).matches("Sent \\d+\\.\\d a second, received .*");
              assertThat(lines.getLast()).startsWith("Sent 1500, received 1500, lost 0,");
            });
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"-v", "-g"})
  void showsLinesWhenThereIsNoTerminalToFill(String flag) throws Exception {
    environment.put("TERM", "xterm-256color");
    Connection echo =
        Echo.start(broker.connectionFactory(), "echoed.to", "echoed.from", number -> 1);
    try {
      assertThat(executeConfigured(flag, "-n", "2", "-d", "0")).isZero();
    } finally {
      echo.close();
    }
    assertThat(out.toString()).contains("Sent message. Body: Test msg #2 (").doesNotContain("\033");
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "warning: %s needs standard input and output on a terminal whose cursor can be moved; the run is shown in lines."
                .formatted(flag));
  }

  @Test
  void exitsWithOneWhenTheRoundTripsAreSlowerThanAllowed() throws Exception {
    Connection echo =
        Echo.start(broker.connectionFactory(), "echoed.to", "echoed.from", number -> 1);
    try {
      assertThat(executeConfigured("-n", "5", "-d", "0", "--max-p99", "0.001")).isEqualTo(1);
      assertThat(err.toString())
          .matches(
              "error: The 99th percentile of the round trips is [0-9.]+ ms, above the 0.001 ms of"
                  + " --max-p99.\\R");
      assertThat(executeConfigured("-n", "5", "-d", "0", "--max-p99", "50000")).isZero();
    } finally {
      echo.close();
    }
  }

  @Test
  void writesAllReportsAtTheEnd() throws Exception {
    environment.put("MBB_AWS_MQ_MQ_QNAME_TO_WS", "reported.to");
    environment.put("MBB_AWS_MQ_MQ_QNAME_FROM_WS", "reported.from");
    broker.declareQueue("reported.to");
    broker.declareQueue("reported.from");
    Path csv = directory.resolve("lost.csv");
    Path html = directory.resolve("run.html");
    Path json = directory.resolve("run.json");
    Files.writeString(csv, "an earlier report, longer than the new one".repeat(100));
    Connection echo =
        Echo.start(
            broker.connectionFactory(),
            "reported.to",
            "reported.from",
            number -> number == 4 ? 0 : 1);
    try {
      assertThat(
              executeConfigured(
                  "-n10",
                  "-d0",
                  "-e0.5",
                  "-r",
                  csv.toString(),
                  "--html",
                  html.toString(),
                  "--json",
                  json.toString()))
          .isEqualTo(1);
    } finally {
      echo.close();
    }
    assertThat(Files.readAllLines(csv)).hasSize(2).last().asString().contains(",,,Test msg #4 (");
    assertThat(Files.readString(json)).contains("\"received\" : 9,", "\"exitCode\" : 1,");
    assertThat(Files.readString(html)).contains("\"received\" : 9,");
    assertThat(out.toString()).contains("Number of messages reconciled: 9 of 10\n");
  }

  @ParameterizedTest
  @CsvSource({"--report", "--html", "--json"})
  void findsAnUnwritableReportBeforeAnythingIsSent(String flag) {
    Path file = directory.resolve("missing").resolve("report");

    assertThat(executeConfigured("-n1", flag, file.toString())).isEqualTo(2);
    assertThat(executeConfigured("-n1", flag, directory.toString())).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines().toList())
        .hasSize(4)
        .satisfies(
            lines -> {
              assertThat(lines.get(0))
                  .isEqualTo(
                      "error: %s: '%s' cannot be written (its folder is not there); name another file."
                          .formatted(flag, file));
              assertThat(lines.get(2)).contains("cannot be written (Is a directory)");
            });
    assertThat(broker.depth("echoed.to")).isZero();
  }

  @Test
  void leavesNoEmptyReportBehindWhenItCannotBegin() throws Exception {
    environment.put("MBB_AWS_MQ_MQ_PASSWORD", "surely-not-this");
    Path json = directory.resolve("run.json");

    assertThat(executeConfigured("-n1", "--json", json.toString())).isEqualTo(3);

    assertThat(json).doesNotExist();
  }

  @Test
  void exitsWithThreeAndOneSentenceWhenThePasswordIsWrong() {
    environment.put("MBB_AWS_MQ_MQ_PASSWORD", "surely-not-this");

    assertThat(executeConfigured("-n", "1")).isEqualTo(3);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "error: The broker at amqp://localhost:%d refused the user sandbox; check mq_user_id and mq_password."
                .formatted(broker.port()))
        .doesNotContain("surely-not-this");
  }

  @Test
  void exitsWithThreeAndOneSentenceWhenNothingListens() throws Exception {
    environment.put("MBB_AWS_MQ_MQ_PORT", Integer.toString(FreePorts.next()));

    assertThat(executeConfigured("-n", "1")).isEqualTo(3);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("error: Nothing listens at ");
  }

  @Test
  void exitsWithThreeAndOneSentenceWhenTheBrokerSpeaksNoTls() {
    environment.put("MBB_AWS_MQ_MQ_TLS", "true");

    assertThat(executeConfigured("-n", "1")).isEqualTo(3);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines()).singleElement().asString().contains("TLS");
  }

  @Test
  void exitsWithThreeAndOneSentenceWhenTheHostIsUnknown() {
    environment.put("MBB_AWS_MQ_MQ_HOST", "no-such-host.invalid");
    environment.put("MBB_AWS_MQ_MQ_TLS", "true");

    assertThat(executeConfigured("-n", "1")).isEqualTo(3);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "error: The broker's host name no-such-host.invalid is not known; check mq_host (or"
                + " mq_broker_id and mq_region) and the DNS.");
  }

  @Test
  void exitsWithThreeAndOneSentenceWhenTheVirtualHostIsUnknown() {
    environment.put("MBB_AWS_MQ_MQ_VHOST", "nowhere");

    assertThat(executeConfigured("-n", "1")).isEqualTo(3);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("virtual host nowhere")
        .contains("mq_vhost");
  }

  @Test
  void exitsWithTwoWhenThereIsNoConfiguration() {
    assertThat(execute("-c", directory.resolve("absent.ini").toString())).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines()).singleElement().asString().contains("absent.ini");
  }

  @Test
  void namesEveryMistakeOfTheConfigurationAtOnce() {
    environment.put("MBB_AWS_MQ_MQ_PORT", "many");
    environment.put("MBB_AWS_MQ_MQ_TLS", "perhaps");

    assertThat(executeConfigured("-n", "1")).isEqualTo(2);

    assertThat(err.toString().lines()).hasSize(2);
    assertThat(err.toString()).contains("mq_port").contains("mq_tls");
  }

  @ParameterizedTest
  @CsvSource({
    "'-n 0', -n has to be from 1 to 10000000",
    "'-n -5', -n has to be from 1 to 10000000",
    "'-n many', 'many'",
    "'-d -1', -d has to be from 0 to 86400 seconds",
    "'-d soon', 'soon'",
    "'-e 100000', -e has to be from 0 to 86400 seconds",
    "'-n', --number",
    "'--no-such-flag', --no-such-flag",
    "'something', something",
    "'-v -g', -v and -g show the run in two ways; leave one out",
    "'-r', --report",
    "'-n 10000001', -n has to be from 1 to 10000000",
    "'--rate 0', --rate has to be from 0.0001 to 1000000",
    "'--rate -1', --rate has to be from 0.0001 to 1000000",
    "'--rate 1000001', --rate has to be from 0.0001 to 1000000",
    "'--rate 1e-300', --rate has to be from 0.0001 to 1000000",
    "'--rate 1e2000000000', --rate has to be from 0.0001 to 1000000",
    "'-d 1e2000000000', -d has to be from 0 to 86400 seconds",
    "'--max-p99 1e2000000000', --max-p99 has to be more than 0",
    "'-n 99999999999', '99999999999'",
    "'--rate NaN', 'NaN'",
    "'--rate 10 -d 1', leave one out",
    "'--rate 1000000 --duration 11', that is 11000000 messages",
    "'--duration 0', --duration has to be more than 0",
    "'--duration 86401', --duration has to be from 0 to 86400",
    "'--size 200-100', --size has to be a number of bytes",
    "'--size -1', --size",
    "'--size 200000000', up to 134217728",
    "'--size large', 'large'",
    "'--window 0', --window has to be from 1 to 1000000",
    "'--late 0', --late has to be more than 0",
    "'--max-p99 -3', --max-p99 has to be more than 0",
    "'--ssm-region eu-west-1', --ssm-region needs -s",
    "'--direct --ws-echo 0', '--direct leaves the bridge out, so --ws-echo would echo nothing'",
    "'--ws-echo', --ws-echo",
    "'--ws-echo nowhere', --ws-echo has to be a port",
    "'--ws-echo 70000', --ws-echo has to be a port",
    "'--ws-echo 192.0.2.1:8080', '--ws-echo: cannot listen at 192.0.2.1:8080'",
    "'--report-all', --report-all says what goes to the file of --report",
    "'--html same --json ./same', two reports cannot go to the same file",
  })
  void exitsWithTwoAndSaysWhyForAWrongFlag(String flags, String expected) {
    assertThat(executeConfigured(flags.split(" "))).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("error: ")
        .contains(expected);
  }

  @Test
  void sumsUpAndGivesBackWhatItHoldsWhenItIsToldToStop() throws Exception {
    broker.declareQueue("stopped.from");
    try (Connection connection = broker.connectionFactory().newConnection();
        Channel channel = connection.createChannel()) {
      channel.basicPublish("", "stopped.from", null, "another's".getBytes(UTF_8));
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            "org.messagebusbridge.tester.Main",
            "--config=" + ini,
            "--delay=3600");
    builder.environment().put("MBB_AWS_MQ_MQ_QNAME_TO_WS", "stopped.to");
    builder.environment().put("MBB_AWS_MQ_MQ_QNAME_FROM_WS", "stopped.from");
    Process process = builder.start();
    try (BufferedReader output = process.inputReader()) {
      List<String> lines = new ArrayList<>();
      // one is sent and another's is held: the run is in its middle
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
        if (lines.stream().anyMatch(l -> l.startsWith("It is held"))
            && lines.stream().anyMatch(l -> l.startsWith("Sent message."))) {
          process.toHandle().destroy();
        }
      }

      assertThat(lines.getLast())
          .isEqualTo("Sent 1, received 0, lost 1, duplicated 0, foreign 1, out of order 0");
      assertThat(process.waitFor()).isEqualTo(128 + 15);
      assertThat(process.errorReader().lines()).isEmpty();
    } finally {
      process.destroyForcibly();
    }
    assertThat(broker.depth("stopped.from")).isEqualTo(1);
  }

  @Test
  void explainsItself() {
    assertThat(execute("--help")).isZero();

    assertThat(out.toString())
        .contains("-n, --number=N")
        .contains("-d, --delay=SECONDS")
        .contains("-x, --exclusive")
        .contains("-e, --end-delay=SECONDS")
        .contains("-f, --focused")
        .contains("-r, --report=FILE", "--report-all", "--html=FILE", "--json=FILE")
        .contains("--rate=N", "--duration=SECONDS", "--size=BYTES", "--binary", "--window=N")
        .contains("--max-p99=MS", "--late=MS", "--ws-echo=[HOST:]PORT", "--direct", "Examples:")
        .contains("-v, --visual", "-g, --graph")
        .contains("-c, --config=FILE", "-s, --ssm", "--ssm-region=REGION");
    assertThat(err.toString()).isEmpty();
  }
}
