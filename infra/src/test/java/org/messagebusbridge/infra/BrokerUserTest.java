package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.infra.BrokerUserFunction.Ended;
import org.messagebusbridge.infra.Options.Queues;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.RabbitExtras;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.junit.Needs;

/**
 * The bridge's own user at a real RabbitMQ 4, made and changed by the function's own code, with
 * secrets in an emulator of Secrets Manager.
 */
class BrokerUserTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Queues QUEUES =
      new Queues("to_ws", "from_ws", Optional.of("quorum"), 16_777_216);
  private static final String FIRST = "first-password";

  @TempDir Path folder;
  private Ministack emulator;
  private AwsEndpoint aws;
  private RabbitNode broker;
  private TlsFront management;
  private BrokerUserFunction function;
  private String login;

  @BeforeEach
  void aBrokerAndTwoSecretsAreThere() throws IOException {
    Ministack.isNeeded();
    Needs.rabbit(RabbitVersion.V4_0);
    emulator = Ministack.start();
    aws = AwsEndpoint.before(emulator.uri());
    int port = FreePorts.next();
    broker =
        RabbitNode.start(
            RabbitVersion.V4_0,
            RabbitExtras.NONE
                .withPlugin("rabbitmq_management")
                .withConfig("management.tcp.ip = 127.0.0.1")
                .withConfig("management.tcp.port = " + port));
    broker.ctl("set_user_tags", broker.user(), "administrator");
    management = new TlsFront(port, broker.certificates().orElseThrow());
    login = secret("login", "bridge", FIRST);
    Map<String, String> environment = new HashMap<>(aws.environment());
    environment.put("SSL_CERT_FILE", broker.certificates().orElseThrow().caFile().toString());
    environment.put("BROKER_HOST", "localhost");
    environment.put("MANAGEMENT_PORT", Integer.toString(management.port()));
    environment.put("AMQPS_PORT", Integer.toString(broker.tlsPort().orElseThrow()));
    environment.put("ADMINISTRATOR", secret("administrator", broker.user(), broker.password()));
    function = new BrokerUserFunction(environment, folder);
  }

  private String secret(String name, String user, String password) {
    return aws.direct()
        .json(
            "secretsmanager:CreateSecret",
            Map.of(
                "Name",
                name,
                "SecretString",
                JSON.valueToTree(Map.of("username", user, "password", password)).toString(),
                "ClientRequestToken",
                "11111111-1111-1111-1111-111111111111"))
        .get("ARN")
        .asText();
  }

  @AfterEach
  void goes() throws IOException {
    function.close();
    management.close();
    broker.close();
    aws.close();
    emulator.close();
  }

  private JsonNode provide() throws Exception {
    return function.provide("Create", properties());
  }

  private Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>(BrokerUser.permissions(QUEUES));
    properties.put("Secret", login);
    properties.put("DeliveryLimit", "1000000000");
    return properties;
  }

  private Connection connect(String password) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setPort(broker.port());
    factory.setUsername("bridge");
    factory.setPassword(password);
    return factory.newConnection();
  }

  @Test
  void itIsMadeForItsQueuesAloneAndIsNoAdministrator() throws Exception {
    assertThat(provide().toString())
        .isEqualTo(
            "{\"Status\":\"SUCCESS\",\"PhysicalResourceId\":\"broker-user\",\"StackId\":\"stack\","
                + "\"RequestId\":\"request\",\"LogicalResourceId\":\"User\"}");

    assertThat(broker.ctl("-q", "list_users", "--no-table-headers").lines()).contains("bridge\t[]");
    try (Connection connection = connect(FIRST)) {
      for (String queue : List.of("to_ws", "from_ws", "to_ws.dead", "to_ws.smoke")) {
        Channel channel = connection.createChannel();
        channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
        channel.confirmSelect();
        channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, new byte[1]);
        channel.waitForConfirmsOrDie(60_000);
        assertThat(channel.basicGet(queue, true)).as(queue).isNotNull();
      }
      assertThat(
              catchThrowable(
                  () ->
                      connection
                          .createChannel()
                          .queueDeclare("other", true, false, false, Map.of())))
          .hasRootCauseMessage(
              "channel error; protocol method: #method<channel.close>(reply-code=403,"
                  + " reply-text=ACCESS_REFUSED - configure access to queue 'other' in vhost '/'"
                  + " refused for user 'bridge', class-id=50, method-id=10)");
    }
    assertThat(provide().get("Status").asText()).as("twice changes nothing").isEqualTo("SUCCESS");
  }

  /** One policy holds for a queue, so the broker's own default has to go on in this one. */
  @Test
  void queuesOfProducersHaveADeliveryLimitAndKeepWhatTheBrokersOwnPolicySays() throws Exception {
    broker.ctl(
        "set_policy",
        "AWS-DEFAULT-POLICY-CLUSTER",
        ".*",
        "{\"max-length\": 8000000, \"overflow\": \"reject-publish\"}",
        "--priority",
        "1",
        "--apply-to",
        "queues");
    provide();
    try (Connection connection = connect(FIRST)) {
      connection
          .createChannel()
          .queueDeclare("to_ws", true, false, false, Map.of("x-queue-type", "quorum"));
    }
    provide();

    String[] queue =
        broker
            .ctl(
                "-q",
                "list_queues",
                "--no-table-headers",
                "name",
                "policy",
                "effective_policy_definition")
            .strip()
            .split("\t", -1);
    assertThat(queue[0]).isEqualTo("to_ws");
    assertThat(queue[1]).isEqualTo("messagebusbridge");
    assertThat(queue[2])
        .isEqualTo(
            "[{<<\"delivery-limit\">>, 1000000000}, {<<\"max-length\">>, 8000000},"
                + " {<<\"overflow\">>, reject-publish}]");
  }

  @Test
  void whatGoesWrongIsASentenceForCloudFormationAndNoSecret() throws Exception {
    Map<String, String> properties = properties();
    properties.put("Configure", "(");

    JsonNode answer = function.provide("Create", properties);

    assertThat(answer.get("Status").asText()).isEqualTo("FAILED");
    assertThat(answer.get("Reason").asText())
        .isEqualTo("The broker's management answers 400 to /api/permissions/%2F/bridge.");
    assertThat(function.provide("Delete", Map.of()).get("Status").asText()).isEqualTo("SUCCESS");
  }

  /** With a bridge that relays meanwhile, and a broker that drops its connections afterwards. */
  @Test
  void itsPasswordIsChangedWhileABridgeRelaysAndNothingIsLost() throws Exception {
    provide();
    Path log = folder.resolve("bridge.log");
    Process bridge = bridge(log);
    try {
      try (Connection connection = connect(FIRST)) {
        Channel channel = connection.createChannel();
        int before = roundTrips(channel, 0, 500);
        String token = "22222222-2222-2222-2222-222222222222";
        for (String step : List.of("createSecret", "setSecret", "testSecret", "finishSecret")) {
          Ended ended = function.rotate(login, token, step);
          assertThat(ended.exitCode()).as(ended.output()).isZero();
          assertThat(ended.output())
              .isEqualTo("{\"step\": \"%s\", \"done\": true}\n".formatted(step));
        }
        int after = roundTrips(channel, 500, 1_000);
        assertThat(before + after).isEqualTo(1_000);
      }
      assertThat(catchThrowable(() -> connect(FIRST)))
          .isInstanceOf(AuthenticationFailureException.class);
      broker.ctl("close_all_connections", "to have them log in again");
      try (Connection connection = connect(current())) {
        assertThat(roundTrips(connection.createChannel(), 1_000, 1_500)).isEqualTo(500);
      }
      bridge.destroy();
      assertThat(bridge.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      bridge.destroyForcibly();
    }

    assertThat(bridge.exitValue()).as(Files.readString(log)).isZero();
    assertThat(broker.depth("to_ws")).isZero();
    assertThat(broker.depth("from_ws")).isZero();
    assertThat(broker.depth("to_ws.dead")).isZero();
  }

  /** Sends messages through the bridge, which sends them back, and counts each that came. */
  private static int roundTrips(Channel channel, int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      channel.basicPublish(
          "", "to_ws", MessageProperties.PERSISTENT_BASIC, Integer.toString(i).getBytes(UTF_8));
    }
    TreeMap<Integer, Integer> came = new TreeMap<>();
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (came.size() < to - from && System.nanoTime() < end) {
      var got = channel.basicGet("from_ws", true);
      if (got != null) {
        came.merge(Integer.parseInt(new String(got.getBody(), UTF_8)), 1, Integer::sum);
      }
    }
    return came.size();
  }

  private String current() throws JsonProcessingException {
    return JSON.readTree(
            aws.direct()
                .json("secretsmanager:GetSecretValue", Map.of("SecretId", login))
                .get("SecretString")
                .asText())
        .get("password")
        .asText();
  }

  private Process bridge(Path log) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "org.messagebusbridge.cli.Mbb",
                "bridge",
                "-v",
                "-X"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().putAll(aws.environment());
    Map<String, String> keys =
        Map.of(
            "MQ_HOST", "localhost",
            "MQ_PORT", Integer.toString(broker.tlsPort().orElseThrow()),
            "MQ_CA_FILE", broker.certificates().orElseThrow().caFile().toString(),
            "MQ_SECRET_ARN", login,
            "MQ_QUEUE_TYPE", "quorum",
            "MQ_QNAME_TO_WS", "to_ws",
            "MQ_QNAME_FROM_WS", "from_ws");
    keys.forEach((key, value) -> builder.environment().put("MBB_AWS_MQ_" + key, value));
    Process process = builder.start();
    process.getOutputStream().close();
    try (Connection connection = connect(FIRST)) {
      Channel channel = connection.createChannel();
      channel.queueDeclare(
          "to_ws",
          true,
          false,
          false,
          Map.of("x-queue-type", "quorum", "x-delivery-limit", 1_000_000_000L));
      channel.queueDeclare(
          "from_ws",
          true,
          false,
          false,
          Map.of("x-queue-type", "quorum", "x-delivery-limit", 1_000_000_000L));
      channel.queueDeclare(
          "to_ws.dead",
          true,
          false,
          false,
          Map.of("x-queue-type", "quorum", "x-delivery-limit", 1_000_000_000L));
    }
    return process;
  }
}
