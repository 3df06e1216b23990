package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.junit.Needs;

/**
 * The stacks as {@code npx cdk deploy} deploys them, to an emulator, without what that does not
 * take: every resource is there by the word of its own service, and the bridge moves messages with
 * the parameters and the secret that the deployment made.
 */
class DeployedBridgeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @BeforeEach
  void allIsInstalled() {
    Ministack.isNeeded();
    Deployment.isNeeded();
    Needs.rabbit(RabbitVersion.V4_0);
  }

  @Test
  void theBridgeMovesMessagesWithWhatADeploymentMadeAndCallsWhatItsRoleMayCall() throws Exception {
    try (Ministack emulator = Ministack.start();
        RabbitNode broker = RabbitNode.start(RabbitVersion.V4_0);
        AwsEndpoint account = AwsEndpoint.before(emulator.uri());
        AwsEndpoint bridgesAws = AwsEndpoint.before(emulator.uri());
        AwsEndpoint testersAws = AwsEndpoint.before(emulator.uri())) {
      Map<String, String> made =
          deployed(Variant.STANDARD, emulator, account, broker.tlsPort().orElseThrow());
      admit(broker, login(account, made));
      Stack stack = Variant.STANDARD.bridge();
      Map<String, String> trust =
          Map.of("MBB_AWS_MQ_MQ_CA_FILE", broker.certificates().orElseThrow().caFile().toString());
      String port = Integer.toString(FreePorts.next()); // others here may have the stack's

      Path log = folder.resolve("bridge.log");
      Map<String, String> environment = new HashMap<>(trust);
      environment.putAll(bridgesAws.environment());
      environment.put("MBB_BRIDGE_HTTP_PORT", port);
      Process bridge =
          start("org.messagebusbridge.cli.Mbb", command(stack, "FargateTask"), environment, log);
      try {
        Map<String, String> testers = new HashMap<>(trust);
        testers.putAll(testersAws.environment());
        ends("org.messagebusbridge.tester.Main", command(stack, "TesterTask"), testers, log);
        ends("org.messagebusbridge.cli.HealthCheck", List.of(port), Map.of(), log);
        bridge.destroy();
        assertThat(bridge.waitFor(1, TimeUnit.MINUTES)).isTrue();
      } finally {
        bridge.destroyForcibly();
      }

      assertThat(bridge.exitValue()).as(Files.readString(log)).isZero();
      assertThat(broker.depth("to_ws")).isZero();
      assertThat(broker.depth("from_ws")).isZero();
      assertCallsWhatItMay(bridgesAws, stack, "BridgeRole");
      assertCallsWhatItMay(testersAws, stack, "TesterRole");
      String logged = account.direct().json("logs:FilterLogEvents", logGroup()).toString();
      assertThat(logged).contains("to_ws=100 from_ws=100 unsettled=0");
    }
  }

  @Test
  void theStackOnInstancesIsDeployedToo() throws Exception {
    try (Ministack emulator = Ministack.start();
        AwsEndpoint account = AwsEndpoint.before(emulator.uri())) {
      deployed(Variant.EC2, emulator, account, 5671);
    }
  }

  /**
   * Deploys it, and asks of each resource whether it is there.
   *
   * @return physical ids by logical ids
   */
  private Map<String, String> deployed(
      Variant variant, Ministack emulator, AwsEndpoint account, int brokerPort) throws Exception {
    Path app = Files.createDirectory(folder.resolve("app"));
    ReducedStack stack = ReducedStack.of(variant, app, "localhost", brokerPort);
    assertThat(stack.removed()).isEqualTo(notTaken(variant));
    Deployment deployment =
        new Deployment(Files.createDirectory(folder.resolve("home")), emulator.uri(), account);

    deployment.deploy(app);

    Map<String, String> made = deployment.resources(variant.made().stack());
    made.putAll(deployment.resources(variant.made().stack() + "-Images"));
    Map<String, JsonNode> wanted = new TreeMap<>(stack.kept());
    variant
        .made()
        .stack("-Images")
        .template()
        .get("Resources")
        .properties()
        .forEach(entry -> wanted.put(entry.getKey(), entry.getValue()));
    OwnServices services = new OwnServices(account.direct(), made);
    Map<String, Integer> found = new TreeMap<>();
    wanted.forEach((id, resource) -> found.merge(services.check(id, resource), 1, Integer::sum));
    assertThat(found).as(emulator.output()).isEqualTo(there(variant));
    return made;
  }

  private static Map<String, Integer> notTaken(Variant variant) {
    Map<String, Integer> types = new TreeMap<>();
    types.put("AWS::AmazonMQ::Broker", 1);
    types.put("AWS::CloudWatch::Alarm", 2);
    types.put("AWS::EC2::EIP", 1);
    types.put("AWS::EC2::FlowLog", 1);
    types.put("AWS::EC2::NatGateway", 1);
    types.put("AWS::EC2::Route", 2);
    types.put("AWS::EC2::SecurityGroupIngress", 1);
    if (variant == Variant.STANDARD) {
      types.put("AWS::ApplicationAutoScaling::ScalableTarget", 1);
      types.put("AWS::ApplicationAutoScaling::ScalingPolicy", 1);
    }
    return types;
  }

  /** How many resources each service has. */
  private static Map<String, Integer> there(Variant variant) {
    boolean fargate = variant == Variant.STANDARD;
    Map<String, Integer> services = new TreeMap<>(Map.of("CloudWatch", 8, "ECR", 2, "Logs", 2));
    services.putAll(Map.of("SSM", 14, "SecretsManager", 1, "EC2", fargate ? 20 : 21));
    services.putAll(
        Map.of("IAM", fargate ? 10 : 9, "ECS", fargate ? 4 : 2, "SNS", fargate ? 2 : 3));
    if (!fargate) {
      services.put("AutoScaling", 2);
    }
    return services;
  }

  private static JsonNode login(AwsEndpoint account, Map<String, String> made) throws IOException {
    String id =
        made.entrySet().stream()
            .filter(resource -> resource.getKey().startsWith("BrokerLogin"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    return JSON.readTree(
        account
            .direct()
            .json("secretsmanager:GetSecretValue", Map.of("SecretId", id))
            .get("SecretString")
            .asText());
  }

  /** Makes the user that Amazon MQ makes of the secret; byte by byte, whatever is in a password. */
  private static void admit(RabbitNode broker, JsonNode login) {
    String user = login.get("username").asText();
    List<String> bytes = new ArrayList<>();
    for (byte one : login.get("password").asText().getBytes(UTF_8)) {
      bytes.add(Integer.toString(one));
    }
    broker.ctl(
        "eval",
        "rabbit_auth_backend_internal:add_user(<<\"%s\">>, <<%s>>, <<\"test\">>)."
            .formatted(user, String.join(",", bytes)));
    broker.ctl("set_permissions", user, ".*", ".*", ".*");
  }

  private static Map<String, String> logGroup() {
    return Map.of("logGroupName", "/messagebusbridge/MessageBusBridge");
  }

  /** Without the one that finds which parameter cannot be decrypted: here all can. */
  private static void assertCallsWhatItMay(AwsEndpoint aws, Stack stack, String role) {
    Set<String> allowed = new TreeSet<>();
    stack.rights(role).forEach(right -> allowed.add(right.replaceFirst(" on .*", "")));
    assertThat(allowed.remove("ssm:GetParameter")).isTrue();
    assertThat(aws.traffic().calls())
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.succeeded()).as(call.toString()).isTrue());
    assertThat(aws.traffic().counts().keySet())
        .as("what it called, and all that the %s may call", role)
        .isEqualTo(allowed);
  }

  private static List<String> command(Stack stack, String task) {
    return stack
        .resource("AWS::ECS::TaskDefinition", task)
        .at("/Properties/ContainerDefinitions/0/Command")
        .valueStream()
        .map(JsonNode::asText)
        .toList();
  }

  private void ends(
      String main, List<String> arguments, Map<String, String> environment, Path bridgeLog)
      throws Exception {
    Path log = folder.resolve(main + ".log");
    Process process = start(main, arguments, environment, log);
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue())
          .as(Files.readString(log) + Files.readString(bridgeLog))
          .isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(
      String main, List<String> arguments, Map<String, String> environment, Path log)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("MBB_") || name.startsWith("AWS_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }
}
