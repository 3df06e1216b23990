package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.sandbox.EmbeddedBroker;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.junit.Needs;

/** The tester as a process, with its configuration in SSM and its login in Secrets Manager. */
@Timeout(180)
class ParametersTest {

  private record Ended(int exitCode, List<String> out, List<String> err) {}

  @BeforeAll
  static void needsAnEmulator() {
    Needs.aws();
  }

  private static Ended tester(Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "org.messagebusbridge.tester.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.start();
    List<String> out = process.inputReader().lines().toList();
    List<String> err = process.errorReader().lines().toList();
    return new Ended(process.waitFor(), out, err);
  }

  private static void put(AwsEndpoint aws, String name, String value) {
    aws.direct()
        .json(
            "ssm:PutParameter",
            Map.of("Name", "/mq2wsbridge/aws_mq/" + name, "Value", value, "Type", "SecureString"));
  }

  @Test
  void readsTheBrokerFromSsmAndItsLoginFromASecret() throws Exception {
    try (AwsEndpoint aws = AwsEndpoint.open();
        EmbeddedBroker broker = EmbeddedBroker.start()) {
      String arn =
          aws.direct()
              .json(
                  "secretsmanager:CreateSecret",
                  Map.of(
                      "Name",
                      "mq",
                      "ClientRequestToken",
                      "a-token-of-32-characters-or-more-1",
                      "SecretString",
                      "{\"username\":\"%s\",\"password\":\"%s\"}"
                          .formatted(broker.user(), broker.password())))
              .path("ARN")
              .asText();
      put(aws, "mq_host", "localhost");
      put(aws, "mq_port", Integer.toString(broker.port()));
      put(aws, "mq_tls", "false");
      put(aws, "mq_secret_arn", arn);
      put(aws, "mq_qname_to_ws", "to_ws");
      put(aws, "mq_qname_from_ws", "from_ws");
      broker.declareQueue("to_ws");
      broker.declareQueue("from_ws");
      Connection echo = Echo.start(broker.connectionFactory(), "to_ws", "from_ws", n -> 1);
      try {
        Ended ended = tester(aws.environment(), "--ssm", "-n", "3", "-d", "0");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out().getLast()).startsWith("Sent 3, received 3, lost 0");
        assertThat(String.join("\n", ended.out())).doesNotContain(broker.password());
      } finally {
        echo.close();
      }
    }
  }

  @Test
  void saysThatThereAreNoParameters() throws Exception {
    try (AwsEndpoint aws = AwsEndpoint.open()) {
      Ended ended = tester(aws.environment(), "-s", "--ssm-region", "eu-central-1", "-n", "1");

      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err())
          .singleElement()
          .asString()
          .startsWith("error: There is no SSM parameter below /mq2wsbridge");
    }
  }
}
