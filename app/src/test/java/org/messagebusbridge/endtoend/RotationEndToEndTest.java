package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.messagebusbridge.endtoend.BridgeProcess.Ended;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.junit.Needs;

/** Credentials that are changed while the bridge runs, on both sides, need no restart. */
@ParameterizedClass
@EnumSource(RabbitVersion.class)
@Timeout(240)
class RotationEndToEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String USER = "rotated";

  private final RabbitVersion version;
  @TempDir private Path directory;
  private RabbitNode broker;
  private WebSocketService service;

  RotationEndToEndTest(RabbitVersion version) {
    this.version = version;
  }

  @BeforeEach
  void open() {
    Needs.rabbit(version);
    broker = RabbitNode.start(version);
    broker.ctl("add_user", USER, "first");
    broker.ctl("set_permissions", USER, ".*", ".*", ".*");
    service = WebSocketService.builder().port(FreePorts.next()).bearer("first").start();
  }

  @AfterEach
  void close() {
    service.close();
    broker.close();
  }

  private Ini ini() {
    return new Ini()
        .set("ws_api", "api_host", service.host())
        .set("ws_api", "api_uri", "/ws")
        .set("ws_api", "ws_auth", "bearer")
        .set("ws_api", "ws_max_connect_attempts", "5")
        .set("ws_api", "ws_receipt_grace_ms", "0") // so that nothing comes twice when MQ is lost
        .set("aws_mq", "mq_host", broker.host())
        .set("aws_mq", "mq_port", Integer.toString(broker.port()))
        .set("aws_mq", "mq_tls", "false")
        .set("aws_mq", "mq_qname_to_ws", "to_ws")
        .set("aws_mq", "mq_qname_from_ws", "from_ws");
  }

  /** Changes what the broker wants, and cuts off who shows something else. */
  private void rotateBroker(Runnable whereItIsKept) {
    broker.ctl("change_password", USER, "second");
    whereItIsKept.run();
    broker.ctl("close_all_connections", "rotated");
  }

  /** Changes what the service wants. */
  private void rotateService(Runnable whereItIsKept) throws Exception {
    int port = service.port();
    whereItIsKept.run();
    service.close();
    service = WebSocketService.builder().port(port).bearer("second").start();
    service.awaitConnections(1, PATIENCE);
  }

  private void pass(String message) throws Exception {
    try (Queues queues = new Queues(broker)) {
      assertThat(queues.publishUntilRouted("to_ws", message.getBytes(UTF_8))).isTrue();
      assertThat(new String(queues.take("from_ws"), UTF_8)).isEqualTo(message);
    }
  }

  private static void assertRotated(Ended ended) {
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out())
        .contains("INFO  cli        The credentials were read again")
        .endsWith("The bridge has ended, as it was told to  by=SIGTERM\n");
    assertThat(ended.err())
        .contains("refused the user rotated; check ")
        .contains("answered 401")
        .doesNotContain("error:", "first", "second");
  }

  @Test
  void whatIsInTheFileIsReadAgain() throws Exception {
    Path file =
        ini()
            .set("aws_mq", "mq_user_id", USER)
            .set("aws_mq", "mq_password", "first")
            .set("ws_api", "client_secret", "first")
            .write(directory);
    String before = Files.readString(file);
    try (BridgeProcess bridge = BridgeProcess.start("-v", "-c", file.toString())) {
      service.awaitConnections(1, PATIENCE);
      pass("one");

      String broker = before.replace("mq_password=first", "mq_password=second");
      rotateBroker(() -> write(file, broker));
      pass("two");
      rotateService(() -> write(file, broker.replace("=first", "=second")));
      pass("three");
      assertRotated(bridge.terminate());
    }
  }

  @Test
  void whatIsInSecretsManagerIsReadAgain() throws Exception {
    Needs.aws();
    try (AwsEndpoint aws = AwsEndpoint.open()) {
      String mq = create(aws, "mq", login("first"));
      String ws = create(aws, "ws", client("first"));
      Path file =
          ini()
              .set("aws_mq", "mq_secret_arn", mq)
              .set("ws_api", "ws_secret_arn", ws)
              .write(directory);
      try (BridgeProcess bridge =
          BridgeProcess.start(aws.environment(), "-v", "-c", file.toString())) {
        service.awaitConnections(1, PATIENCE);
        pass("one");

        rotateBroker(() -> put(aws, mq, login("second")));
        pass("two");
        rotateService(() -> put(aws, ws, client("second")));
        pass("three");
        Ended ended = bridge.terminate();
        assertRotated(ended);
        assertThat(ended.err()).contains("(mq_secret_arn)", "(ws_secret_arn)");
      }
      assertThat(aws.traffic().counts()).containsOnlyKeys("secretsmanager:GetSecretValue");
    }
  }

  private static String login(String password) {
    return "{\"username\": \"%s\", \"password\": \"%s\", \"port\": 5671}".formatted(USER, password);
  }

  private static String client(String secret) {
    return "{\"client_id\": \"any\", \"client_secret\": \"%s\"}".formatted(secret);
  }

  private static String create(AwsEndpoint aws, String name, String value) {
    return aws.direct()
        .json(
            "secretsmanager:CreateSecret",
            Map.of("Name", name, "SecretString", value, "ClientRequestToken", token()))
        .get("ARN")
        .asText();
  }

  private static void put(AwsEndpoint aws, String arn, String value) {
    aws.direct()
        .json(
            "secretsmanager:PutSecretValue",
            Map.of("SecretId", arn, "SecretString", value, "ClientRequestToken", token()));
  }

  private static String token() {
    return UUID.randomUUID().toString();
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
