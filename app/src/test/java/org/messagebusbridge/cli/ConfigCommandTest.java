package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.config.ConfigurationTemplate;
import org.messagebusbridge.config.Keys;

class ConfigCommandTest {
  private static final String INI =
      """
      [ws_api]
      api_host=ws://localhost:8080
      api_uri=/ws
      [aws_mq]
      mq_host=localhost
      mq_user_id=user
      mq_password=hunter2
      mq_qname_to_ws=to_ws
      mq_qname_from_ws=from_ws
      """;

  @TempDir private Path directory;

  private record Run(int exitCode, String out, String err) {}

  private static Run run(Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        CommandRunner.commandLine(new ConfigCommand(environment), "mbb config")
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Run(exitCode, out.toString(), err.toString());
  }

  private String file(String text) throws IOException {
    return Files.writeString(directory.resolve("t.ini"), text).toString();
  }

  @Test
  void showsEachValueAndWhereItCameFrom() throws IOException {
    String file = file(INI);

    Run run = run(Map.of("MBB_AWS_MQ_MQ_USER_ID", "me"), "-c", file);

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).doesNotContain("hunter2");
    assertThat(run.out().lines().map(line -> line.replaceAll(" {3,}", "   ")))
        .hasSameSizeAs(Keys.ALL)
        .contains(
            "ws_api.api_uri = /ws   (from " + file + ":3)",
            "ws_api.ws_auth = none   (default)",
            "ws_api.ws_proxy =   (not set)",
            "aws_mq.mq_password = ********   (from " + file + ":7)",
            "aws_mq.mq_user_id = me   (from MBB_AWS_MQ_MQ_USER_ID)",
            "aws_mq.mq_port = 5671   (default)",
            "aws_mq.mq_qname_dead_letter = to_ws.dead   (from mq_qname_to_ws)");
    assertThat(run.out().lines().map(line -> line.indexOf('(')).distinct()).hasSize(1);
  }

  @Test
  void showsTheSameAsJson() throws IOException {
    String file = file(INI);

    Run run = run(Map.of(), "--config", file, "--json");

    Map<String, String> values = new HashMap<>();
    try (JsonParser json = new JsonFactory().createParser(run.out())) {
      String key = "";
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_STRING && "key".equals(json.currentName())) {
          key = json.getText();
        } else if (json.currentToken().isScalarValue() && "value".equals(json.currentName())) {
          values.put(key, json.getText());
        }
      }
    }
    assertThat(run.exitCode()).isZero();
    assertThat(values)
        .hasSameSizeAs(Keys.ALL)
        .containsEntry("mq_password", "********")
        .containsEntry("mq_qname_to_ws", "to_ws")
        .containsEntry("ws_proxy", "null");
  }

  @Test
  void tellsAllErrorsOnStandardErrorWithExitCodeTwo() throws IOException {
    String file = file(INI.replace("mq_password", "mq_pasword") + "mq_port=x\n");

    Run run = run(Map.of(), "-c", file);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .containsExactly(
            "warning: "
                + file
                + ":7: mq_pasword is not a key of [aws_mq] and is ignored; did you mean"
                + " mq_password?",
            "error: aws_mq.mq_port ("
                + file
                + ":10): \"x\" is not a whole number; write a port from 1 to 65535.",
            "error: aws_mq.mq_password: is missing, but the broker asks for it unless mq_secret_arn"
                + " is set; set it in [aws_mq], or MBB_AWS_MQ_MQ_PASSWORD in the environment.");
  }

  @Test
  void saysThatThereIsNoFile() {
    Run run = run(Map.of());

    assertThat(run)
        .isEqualTo(
            new Run(
                2,
                "",
                "error: There is no mq2wsbridge.ini in this directory; make one with ./mbb config"
                    + " --template > mq2wsbridge.ini, or name another with -c.\n"));
  }

  @Test
  void checksForTheFlagsOfTheBridge() throws IOException {
    String file = file(INI.replace("api_uri", "#api_uri"));

    assertThat(run(Map.of(), "-c", file).exitCode()).isEqualTo(2);
    assertThat(run(Map.of(), "-c", file, "-X").exitCode()).isZero();
    assertThat(run(Map.of(), "-c", file, "-X", "-l").err()).contains("cw_log_group: is missing");
    assertThat(run(Map.of(), "-c", file, "-X", "-m").err())
        .contains("cw_metrics_namespace: is missing");
  }

  @Test
  void looksIntoTheTlsFilesThatAreUsed() throws IOException {
    Path notPem = Files.writeString(directory.resolve("ca.pem"), "nothing");
    String plain = "ws_ca_file=" + notPem + "\n[aws_mq]\nmq_ca_file=" + notPem + "\n";
    String file = file(INI.replace("[aws_mq]\n", plain));

    Run run = run(Map.of(), "-c", file);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines())
        .containsExactly(
            "warning: ws_api.ws_ca_file ("
                + file
                + ":4): the file is not used, because api_host begins with ws:// and so is without"
                + " TLS.",
            "error: mq_ca_file: the file "
                + notPem
                + " is not a PEM file (it has no whole block from \"-----BEGIN ...-----\" to"
                + " \"-----END ...-----\"); convert it with openssl, or name another.");
    assertThat(run(Map.of("MBB_AWS_MQ_MQ_TLS", "false"), "-c", file).exitCode()).isZero();
  }

  @Test
  void printsATemplateThatItAcceptsItself() throws IOException {
    Run template = run(Map.of(), "--template");

    assertThat(template).isEqualTo(new Run(0, ConfigurationTemplate.text(), ""));
    assertThat(run(Map.of(), "-c", file(template.out()))).matches(r -> r.exitCode() == 0);
  }

  @Test
  void refusesAnUnknownFlagWithExitCodeTwo() {
    assertThat(run(Map.of(), "--nonsense").exitCode()).isEqualTo(2);
  }

  @Test
  void tellsItsFlagsInTheHelp() {
    assertThat(run(Map.of(), "--help"))
        .isEqualTo(
            new Run(
                0,
                """
                Usage: mbb config [-hlmsVX] [--json] [--template] [-c=FILE] [-r=REGION]
                Shows the configuration in force: each value and where it came from, secrets
                masked.
                Checks it as the bridge would, without connecting to anything but SSM (with -s).
                  -c, --config=FILE          The INI file (default: mq2wsbridge.ini).
                  -h, --help                 Show this help message and exit.
                      --json                 Print a JSON array instead of lines.
                  -l, --cloudwatch-logs      Check for a bridge with -l: logs go to CloudWatch.
                  -m, --cloudwatch-metrics   Check for a bridge with -m: metrics go to
                                               CloudWatch.
                  -r, --ssm-region=REGION    The AWS region of the SSM parameters (with -s);
                                               else that of the environment, the profile, the
                                               ECS task or the EC2 instance.
                  -s, --ssm                  Read the SSM parameters
                                               /mq2wsbridge/<section>/<key> instead of the file.
                      --template             Print a commented INI file with every key, and
                                               exit.
                  -V, --version              Print version information and exit.
                  -X, --websocket-stub       Check for a bridge with -X: section ws_api is not
                                               needed.
                """,
                ""));
  }

  @Test
  void refusesARegionWithoutAName() {
    assertThat(run(Map.of(), "-s", "-r", ""))
        .isEqualTo(
            new Run(
                2,
                "",
                """
                error: -r (--ssm-region) is empty; name a region, such as eu-west-1.
                'mbb config --help' shows what there is.
                """));
  }

  @Test
  void tellsItsVersion() {
    assertThat(run(Map.of(), "-V")).isEqualTo(new Run(0, "MessageBusBridge development\n", ""));
  }
}
