package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.messagebusbridge.endtoend.BridgeProcess.Ended;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.aws.AwsError;
import org.messagebusbridge.sandbox.junit.Needs;

/** {@code mbb bridge -s} and {@code -M}, with an emulator of AWS. */
@Timeout(240)
class ParametersEndToEndTest {
  private static final String ROOT = "/mq2wsbridge/";

  @TempDir private Path directory;
  private final Broker broker = Brokers.embedded();
  private final String queues = "ssm-" + System.nanoTime();
  private AwsEndpoint aws;
  private WebSocketService service;

  @BeforeAll
  static void needsAnEmulator() {
    Needs.aws();
  }

  @BeforeEach
  void open() {
    aws = AwsEndpoint.open();
    service = WebSocketService.builder().jwt(Settings.CLIENT_ID, Settings.CLIENT_SECRET).start();
  }

  @AfterEach
  void close() {
    service.close();
    aws.close();
  }

  private Ini ini() {
    return Ini.of(broker, service.host(), queues + ".to_ws", queues + ".from_ws")
        .withLogin()
        .set("aws_mq", "mq_host", broker.host());
  }

  private Ended run(String... flags) throws Exception {
    return run(aws.environment(), flags);
  }

  private static Ended run(Map<String, String> environment, String... flags) throws Exception {
    try (BridgeProcess bridge = BridgeProcess.start(environment, flags)) {
      return bridge.await();
    }
  }

  private void put(String name, String value, String type) {
    aws.direct()
        .json(
            "ssm:PutParameter",
            Map.of("Name", name, "Value", value, "Type", type, "Overwrite", true));
  }

  /** Each parameter with its type and its value. */
  private SortedMap<String, String> stored() {
    SortedMap<String, String> all = new TreeMap<>();
    Map<String, Object> ask =
        new HashMap<>(Map.of("Path", ROOT, "Recursive", true, "WithDecryption", true));
    while (true) {
      JsonNode page = aws.direct().json("ssm:GetParametersByPath", ask);
      page.get("Parameters")
          .forEach(
              p ->
                  all.put(
                      p.get("Name").asText(),
                      p.get("Type").asText() + " " + p.get("Value").asText()));
      JsonNode next = page.get("NextToken");
      if (next == null || next.isNull() || next.asText().isEmpty()) {
        return all;
      }
      ask.put("NextToken", next.asText());
    }
  }

  private int writes() {
    return aws.traffic().calls("ssm:PutParameter").size();
  }

  @Test
  void whatWasMigratedStartsABridgeThatRelays() throws Exception {
    String file = ini().write(directory).toString();

    Ended dry = run("-s", "-M", "--dry-run", "-c", file);
    assertThat(dry.err()).isEmpty();
    assertThat(dry.exitCode()).isZero();
    assertThat(dry.out())
        .contains("new       /mq2wsbridge/aws_mq/mq_host = " + broker.host() + "\n")
        .endsWith(
            "Dry run, nothing was written in eu-central-1: 12 new, 0 changed, 0 equal, 0 empty in"
                + " the file and left as they are.\n")
        .doesNotContain(broker.password(), Settings.CLIENT_SECRET);
    assertThat(writes()).isZero();
    assertThat(stored()).isEmpty();

    Ended migrated = run("-s", "-M", "-c", file);
    assertThat(migrated.err()).isEmpty();
    assertThat(migrated.exitCode()).isZero();
    assertThat(migrated.out().lines().filter(line -> line.startsWith("new "))).hasSize(12);
    assertThat(migrated.out()).doesNotContain(broker.password(), Settings.CLIENT_SECRET);
    assertThat(writes()).isEqualTo(12);
    assertThat(stored())
        .hasSize(12)
        .containsEntry(ROOT + "aws_mq/mq_password", "SecureString " + broker.password())
        .containsEntry(ROOT + "ws_api/client_secret", "SecureString " + Settings.CLIENT_SECRET);

    Ended again = run("-s", "-M", "-c", file);
    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains("0 new, 0 changed, 12 equal");
    assertThat(writes()).as("twice changes nothing").isEqualTo(12);

    broker.declareQueue(queues + ".to_ws");
    broker.declareQueue(queues + ".from_ws");
    try (Queues clients = new Queues(broker);
        BridgeProcess bridge = BridgeProcess.start(aws.environment(), "-s", "-v")) {
      service.awaitConnections(1, Duration.ofSeconds(60));
      Traffic traffic = Traffic.texts("ssm");
      clients.publish(queues + ".to_ws", traffic, 1_000);
      assertThat(clients.consume(queues + ".from_ws", traffic, 1_000)).isEqualTo(1_000);
      Ended ended = bridge.terminate();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.err()).isEmpty();
    }
  }

  @Test
  void onlyWhatDiffersIsWrittenAndWhatTheFileHasNotIsLeftAlone() throws Exception {
    put(ROOT + "aws_mq/mq_host", "old.example.com", "SecureString");
    put(ROOT + "aws_mq/mq_user_id", broker.user(), "String");
    put(ROOT + "aws_mq/mq_password", broker.password(), "SecureString");
    put(ROOT + "ws_api/client_secret", "0000", "SecureString");
    put(ROOT + "bridge/drain_secs", "7", "SecureString");

    Ended ended =
        run("-s", "-M", "-c", ini().set("ws_api", "ws_proxy", "").write(directory).toString());

    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out())
        .contains("changed   /mq2wsbridge/aws_mq/mq_host = old.example.com -> " + broker.host())
        .contains("changed   /mq2wsbridge/aws_mq/mq_user_id = ")
        .contains("equal     /mq2wsbridge/aws_mq/mq_password = ")
        .contains("changed   /mq2wsbridge/ws_api/client_secret = ")
        .contains("empty     /mq2wsbridge/ws_api/ws_proxy =")
        .contains("8 new, 3 changed, 1 equal, 1 empty")
        .doesNotContain(broker.password(), Settings.CLIENT_SECRET, "0000");
    assertThat(writes()).isEqualTo(11);
    assertThat(stored())
        .hasSize(13)
        .containsEntry(ROOT + "aws_mq/mq_user_id", "SecureString " + broker.user())
        .containsEntry(ROOT + "bridge/drain_secs", "SecureString 7");
  }

  @Test
  void aParameterUnderAKeyOfTheAccountsOwnStaysUnderIt() throws Exception {
    String key = aws.direct().json("kms:CreateKey", Map.of()).at("/KeyMetadata/KeyId").asText();
    aws.direct()
        .json(
            "ssm:PutParameter",
            Map.of(
                "Name",
                ROOT + "aws_mq/mq_host",
                "Value",
                "old.example.com",
                "Type",
                "SecureString",
                "KeyId",
                key));

    Ended ended = run("-s", "-M", "-c", ini().write(directory).toString());

    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    Map<String, String> keys = new TreeMap<>();
    aws.traffic()
        .calls("ssm:PutParameter")
        .forEach(call -> keys.put(text(call.request(), "Name"), text(call.request(), "KeyId")));
    assertThat(keys).hasSize(12).containsEntry(ROOT + "aws_mq/mq_host", key);
    assertThat(keys.values()).filteredOn("alias/aws/ssm"::equals).hasSize(11);
    assertThat(stored()).containsEntry(ROOT + "aws_mq/mq_host", "SecureString " + broker.host());
  }

  private static String text(JsonNode body, String field) {
    return body.get(field).asText();
  }

  @Test
  void anotherPrefixIsAnotherConfiguration() throws Exception {
    String file = ini().write(directory).toString();
    Map<String, String> environment = new HashMap<>(aws.environment());
    environment.put("MBB_SSM_PREFIX", "/firm/bridge-2");

    Ended migrated = run(environment, "-s", "-M", "-c", file);
    assertThat(migrated.exitCode()).as(migrated.err()).isZero();
    assertThat(migrated.out()).contains("new       /firm/bridge-2/aws_mq/mq_host = ");
    assertThat(stored()).as("below the usual prefix").isEmpty();

    Ended usual = run("-s");
    assertThat(usual.exitCode()).isEqualTo(2);
    assertThat(usual.err()).contains("There is no SSM parameter below /mq2wsbridge in ");
    try (BridgeProcess bridge = BridgeProcess.start(environment, "-s", "-v")) {
      service.awaitConnections(1, Duration.ofSeconds(60));
      assertThat(bridge.terminate().exitCode()).isZero();
    }

    environment.put("MBB_SSM_PREFIX", "firm/");
    Ended wrong = run(environment, "-s");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err())
        .isEqualTo(
            "error: MBB_SSM_PREFIX: the names of SSM parameters cannot begin with 'firm/'; give a"
                + " path such as /mq2wsbridge, with a slash before each part and none at the"
                + " end.\n");
  }

  @Test
  void aValueThatIsTooLongIsFoundBeforeAnythingIsWritten() throws Exception {
    Ini ini = ini().set("aws_mq", "mq_password", "x".repeat(4_097));

    Ended ended = run("-s", "-M", "-c", ini.write(directory).toString());

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.err())
        .startsWith("error: aws_mq.mq_password (")
        .contains("the value has 4,097 characters, but an SSM parameter holds 4,096 at most");
    assertThat(aws.traffic().calls()).isEmpty();
  }

  @Test
  void throttlingIsSurvivedAndWhatFailedIsNamed() throws Exception {
    aws.faults().limitRate("ssm:PutParameter", 5);
    Ended slow = run("-s", "-M", "-c", ini().write(directory).toString());
    assertThat(slow.err()).isEmpty();
    assertThat(slow.exitCode()).isZero();
    assertThat(stored()).hasSize(12);

    aws.faults().clear();
    aws.faults().deny("ssm:PutParameter");
    Ended denied =
        run("-s", "-M", "-c", ini().set("aws_mq", "mq_host", "new").write(directory).toString());
    assertThat(denied.exitCode()).isEqualTo(1);
    assertThat(denied.out()).contains("failed    /mq2wsbridge/aws_mq/mq_host");
    assertThat(denied.err().lines()).hasSize(2);
    assertThat(denied.err())
        .contains("ssm:PutParameter on /mq2wsbridge/aws_mq/mq_host in eu-central-1")
        .contains("grant the IAM permission ssm:PutParameter")
        .contains("1 of the parameters were not written");
  }

  @Test
  void theNamesOfThePythonServiceAreReadWhereTheKeysOwnAreAbsent() throws Exception {
    ini().parameters().forEach((name, value) -> put(ROOT + old(name), value, "SecureString"));

    try (BridgeProcess bridge = BridgeProcess.start(aws.environment(), "-s", "-v")) {
      service.awaitConnections(1, Duration.ofSeconds(60));
      Ended ended = bridge.terminate();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.err()).isEmpty();
    }
    assertThat(stored()).doesNotContainKey(ROOT + "aws_mq/mq_user_id");
  }

  private static String old(String name) {
    return Map.of(
            "aws_mq/mq_user_id", "aws_mq/mq_userid",
            "ws_api/api_host", "ws_api/ws_api_host",
            "ws_api/api_uri", "ws_api/ws_api_uri",
            "ws_api/client_id", "ws_api/ws_client_id",
            "ws_api/client_secret", "ws_api/ws_client_password")
        .getOrDefault(name, name);
  }

  private static void assertMistake(Ended ended, String... parts) {
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.err()).startsWith("error: ").contains(parts);
  }

  @Test
  void noParameterAtAllNoCredentialsAndNoRegionAreMistakes() throws Exception {
    assertMistake(run("-s"), "There is no SSM parameter below /mq2wsbridge in eu-central-1");

    Map<String, String> nobody = new HashMap<>(aws.environment());
    nobody.keySet().removeAll(List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"));
    assertMistake(run(nobody, "-s"), "There are no AWS credentials for ssm:GetParametersByPath");

    Map<String, String> nowhere = new HashMap<>(aws.environment());
    nowhere.remove("AWS_REGION");
    assertMistake(run(nowhere, "-s"), "There is no AWS region; name it with -r");
    assertMistake(run("-s", "-r", "eu_west"), "'eu_west' is no AWS region; name one such as");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:4566", "nonsense"})
  void anEndpointThatIsNoUrlIsAMistake(String endpoint) throws Exception {
    Map<String, String> environment = new HashMap<>(aws.environment());
    environment.put("AWS_ENDPOINT_URL", endpoint);
    assertMistake(run(environment, "-s"), "AWS_ENDPOINT_URL, or that of the service, is no URL;");
  }

  @Test
  void whatAwsRefusesIsToldWithThePermissionThatIsMissing() throws Exception {
    put(ROOT + "aws_mq/mq_host", "broker", "SecureString");
    aws.faults().fail("ssm:GetParametersByPath", AwsError.expiredToken());
    assertMistake(run("-s"), "the session token has expired");

    aws.faults().clear();
    aws.faults().deny("ssm:GetParametersByPath");
    assertMistake(run("-s"), "grant the IAM permission ssm:GetParametersByPath");
  }

  @Test
  void aParameterThatCannotBeDecryptedIsNamed() throws Exception {
    put(ROOT + "aws_mq/mq_host", "broker", "SecureString");
    AwsError noKey =
        new AwsError(
            400,
            "AccessDeniedException",
            "The ciphertext refers to a customer master key that does not exist, does not exist in"
                + " this region, or you are not allowed to access.");
    aws.faults().fail("ssm:GetParametersByPath", noKey, 1);
    aws.faults().fail("ssm:GetParameter", noKey);

    assertMistake(run("-s"), "ssm:GetParameter on /mq2wsbridge/aws_mq/mq_host", "kms:Decrypt");
  }

  @Test
  void aParameterThatIsMissingIsNamed() throws Exception {
    Map<String, String> parameters = ini().parameters();
    parameters.remove("aws_mq/mq_host");
    parameters.forEach((name, value) -> put(ROOT + name, value, "SecureString"));

    Ended ended = run("-s");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("set the SSM parameter /mq2wsbridge/aws_mq/mq_");
  }

  @Test
  void aSecretThatCannotBeReadOrLacksAFieldIsNamed() throws Exception {
    String arn =
        aws.direct()
            .json(
                "secretsmanager:CreateSecret",
                Map.of(
                    "Name",
                    "mq",
                    "SecretString",
                    "{\"username\": \"u\"}",
                    "ClientRequestToken",
                    UUID.randomUUID().toString()))
            .get("ARN")
            .asText();
    String file = ini().set("aws_mq", "mq_secret_arn", arn).write(directory).toString();
    assertMistake(
        run("-c", file), "The secret " + arn + " (aws_mq.mq_secret_arn) has no field password");

    aws.faults().deny("secretsmanager:GetSecretValue");
    assertMistake(run("-c", file), "grant the IAM permission secretsmanager:GetSecretValue", arn);
  }

  @Test
  void aStoreThatDoesNotAnswerIsAFailureAndNoMistake() throws Exception {
    aws.network().refuse();

    Ended ended = run("-s");

    assertThat(ended.exitCode()).isEqualTo(1);
    List<String> lines = new ArrayList<>(ended.err().lines().toList());
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .startsWith("error: AWS ")
        .contains("ssm:GetParametersByPath on /mq2wsbridge", "or try later.");
    assertThat(new String(ended.out().getBytes(UTF_8), UTF_8)).doesNotContain("Exception");
  }
}
