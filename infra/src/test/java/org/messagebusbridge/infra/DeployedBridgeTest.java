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
import org.messagebusbridge.infra.teardown.TeardownCommand;
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
  private static final String BRIDGE = "org.messagebusbridge.cli.Mbb";
  private static final String TESTER = "org.messagebusbridge.tester.Main";
  private static final String HEALTH = "org.messagebusbridge.cli.HealthCheck";
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
      Stack stack = Variant.STANDARD.bridge();
      admit(broker, login(account, made), stack);
      Map<String, String> ours =
          Map.of(
              "MBB_AWS_MQ_MQ_CA_FILE", broker.certificates().orElseThrow().caFile().toString(),
              // Others on this machine may have the stack's.
              "MBB_BRIDGE_HTTP_PORT", Integer.toString(FreePorts.next()));
      Path log = folder.resolve("bridge.log");
      Process bridge = start(BRIDGE, container(stack, "FargateTask", 0), ours, bridgesAws, log);
      try {
        ends(TESTER, new Container(tester(stack), environment(stack)), ours, testersAws, log);
        ends(HEALTH, new Container(List.of(port(ours)), Map.of()), ours, testersAws, log);
        roundTrip(stack, ours, testersAws);
        bridge.destroy();
        assertThat(bridge.waitFor(1, TimeUnit.MINUTES)).isTrue();
      } finally {
        bridge.destroyForcibly();
      }

      assertThat(bridge.exitValue()).as(Files.readString(log)).isZero();
      for (String queue : List.of("to_ws", "from_ws", "to_ws.smoke", "from_ws.smoke")) {
        assertThat(broker.depth(queue)).as(queue).isZero();
      }
      assertCallsWhatItMay(bridgesAws, stack, "BridgeRole");
      assertCallsWhatItMay(testersAws, stack, "SmokeRole");
      String logged = account.direct().json("logs:FilterLogEvents", logGroup()).toString();
      assertThat(logged)
          .as("the round trip through the smoke queues is none of it")
          .contains("to_ws=100 from_ws=100 unsettled=0");
    }
  }

  /** The smoke task's two containers, as ECS runs them: a stub, and the tester whose end counts. */
  private void roundTrip(Stack stack, Map<String, String> ours, AwsEndpoint aws) throws Exception {
    Map<String, String> beside = new HashMap<>(ours);
    beside.put("MBB_BRIDGE_HTTP_PORT", Integer.toString(FreePorts.next()));
    Path log = folder.resolve("stub.log");
    Process stub = start(BRIDGE, container(stack, "SmokeTask", 0), beside, aws, log);
    try {
      ends(TESTER, container(stack, "SmokeTask", 1), beside, aws, log);
      stub.destroy();
      assertThat(stub.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      stub.destroyForcibly();
    }
    assertThat(Files.readString(log)).contains("to_ws=100 from_ws=100 unsettled=0");
    assertThat(Files.readString(folder.resolve(TESTER + ".log"))).contains("lost 0, duplicated 0");
  }

  private static String port(Map<String, String> environment) {
    return environment.getOrDefault("MBB_BRIDGE_HTTP_PORT", "");
  }

  /**
   * What a container of a task runs.
   *
   * @param environment its variables whose values are no references
   */
  private record Container(List<String> command, Map<String, String> environment) {}

  private static Container container(Stack stack, String task, int index) {
    JsonNode container =
        stack
            .resource("AWS::ECS::TaskDefinition", task)
            .at("/Properties/ContainerDefinitions/" + index);
    Map<String, String> environment = new HashMap<>();
    container
        .get("Environment")
        .forEach(
            variable -> {
              if (variable.get("Value").isTextual()) {
                environment.put(variable.get("Name").asText(), variable.get("Value").asText());
              }
            });
    return new Container(
        container.get("Command").valueStream().map(JsonNode::asText).toList(), environment);
  }

  private static List<String> tester(Stack stack) {
    return container(stack, "SmokeTask", 1).command();
  }

  private static Map<String, String> environment(Stack stack) {
    return container(stack, "FargateTask", 0).environment();
  }

  @Test
  void theStackOnInstancesIsDeployedToo() throws Exception {
    try (Ministack emulator = Ministack.start();
        AwsEndpoint account = AwsEndpoint.before(emulator.uri())) {
      deployed(Variant.EC2, emulator, account, 5671);

      String told = teardown(0, account, "--stack", "MessageBusBridge");
      assertThat(told)
          .contains(
              """
              stack       MessageBusBridge (CREATE_COMPLETE)
              stack       MessageBusBridge-Base (CREATE_COMPLETE, protected)
              stack       MessageBusBridge-Images (CREATE_COMPLETE)
              broker      b-1234, with the messages in its queues
              log group   /messagebusbridge/MessageBusBridge
              """,
              "log group   /messagebusbridge/MessageBusBridge/smoke\n",
              "repository  messagebusbridge/bridge\nrepository  messagebusbridge/tester\n")
          .endsWith("\nNothing was deleted; --yes deletes all of that.\n");
      assertThat(teardown(0, account)).as("nothing was").isEqualTo(told);

      assertThat(teardown(0, account, "--yes"))
          .endsWith(
              """
              deleting MessageBusBridge
              deleting MessageBusBridge-Base
              deleting MessageBusBridge-Images
              All of that is deleted.
              """);

      assertThat(teardown(2, account))
          .isEqualTo(
              "error: there is nothing of a stack MessageBusBridge here; name another with"
                  + " --stack.\n");
    }
  }

  private String teardown(int exitCode, AwsEndpoint account, String... arguments) throws Exception {
    Path log = folder.resolve("teardown.log");
    Process process =
        start(
            TeardownCommand.class.getName(),
            new Container(List.of(arguments), Map.of()),
            Map.of(),
            account,
            log);
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(exitCode);
      return Files.readString(log);
    } finally {
      process.destroyForcibly();
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
    made.putAll(deployment.resources(variant.made().stack() + "-Base"));
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
    types.put("AWS::AmazonMQ::Configuration", 1);
    types.put("AWS::CloudWatch::Alarm", 2);
    types.put("AWS::EC2::EIP", 1);
    types.put("AWS::EC2::FlowLog", 1);
    types.put("AWS::EC2::NatGateway", 1);
    types.put("AWS::EC2::Route", 2);
    types.put("AWS::EC2::SecurityGroupEgress", 3);
    types.put("AWS::EC2::SecurityGroupIngress", 3);
    types.put("AWS::Lambda::Function", 3);
    types.put("AWS::Lambda::Permission", 1);
    types.put("AWS::Logs::MetricFilter", 3);
    types.put("AWS::Logs::QueryDefinition", 2);
    types.put("AWS::Scheduler::Schedule", 1);
    types.put("AWS::SecretsManager::ResourcePolicy", 1);
    types.put("AWS::SecretsManager::RotationSchedule", 1);
    types.put("Custom::BrokerUser", 1);
    types.put("Custom::VpcRestrictDefaultSG", 1);
    if (variant == Variant.STANDARD) {
      types.put("AWS::ApplicationAutoScaling::ScalableTarget", 1);
      types.put("AWS::ApplicationAutoScaling::ScalingPolicy", 1);
    }
    return types;
  }

  /** How many resources each service has. */
  private static Map<String, Integer> there(Variant variant) {
    boolean fargate = variant == Variant.STANDARD;
    Map<String, Integer> services =
        new TreeMap<>(Map.of("CloudWatch", fargate ? 12 : 10, "ECR", 2, "Logs", 4));
    services.putAll(Map.of("SSM", 15, "SecretsManager", 2, "EC2", fargate ? 21 : 22));
    services.putAll(
        Map.of("IAM", fargate ? 15 : 14, "ECS", fargate ? 4 : 2, "SNS", fargate ? 2 : 3));
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

  /**
   * Makes the user that the stack's function makes, with the rights that it gives; byte by byte,
   * whatever is in a password.
   */
  private static void admit(RabbitNode broker, JsonNode login, Stack stack) {
    String user = login.get("username").asText();
    List<String> bytes = new ArrayList<>();
    for (byte one : login.get("password").asText().getBytes(UTF_8)) {
      bytes.add(Integer.toString(one));
    }
    broker.ctl(
        "eval",
        "rabbit_auth_backend_internal:add_user(<<\"%s\">>, <<%s>>, <<\"test\">>)."
            .formatted(user, String.join(",", bytes)));
    JsonNode rights = stack.one("Custom::BrokerUser");
    broker.ctl(
        "set_permissions",
        user,
        rights.get("Configure").asText(),
        rights.get("Write").asText(),
        rights.get("Read").asText());
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

  private void ends(
      String main, Container container, Map<String, String> ours, AwsEndpoint aws, Path bridgeLog)
      throws Exception {
    Path log = folder.resolve(main + ".log");
    Process process = start(main, container, ours, aws, log);
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
      String main, Container container, Map<String, String> ours, AwsEndpoint aws, Path log)
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
    command.addAll(container.command());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("MBB_") || name.startsWith("AWS_"));
    builder.environment().putAll(aws.environment());
    builder.environment().putAll(container.environment());
    builder.environment().putAll(ours);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }
}
