package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.sandbox.EmbeddedBroker;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.junit.Needs;

/**
 * The bridge with the parameters, the secret and the command line that the template gives it: it
 * moves messages, and what it calls is what its role may call.
 */
class DeployedBridgeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOG_GROUP = "/messagebusbridge/MessageBusBridge";

  @TempDir Path folder;

  @Test
  void theRolesRightsAreThoseThatTheBridgeUsesAndItMovesMessagesWithThem() throws Exception {
    Needs.aws();
    Stack stack = Variant.STANDARD.bridge();
    try (AwsEndpoint aws = AwsEndpoint.open();
        EmbeddedBroker broker = EmbeddedBroker.start()) {
      broker.declareQueue("to_ws");
      broker.declareQueue("from_ws");
      make(aws, broker, stack);
      Map<String, String> local =
          Map.of(
              "MBB_AWS_MQ_MQ_HOST", broker.host(),
              "MBB_AWS_MQ_MQ_PORT", Integer.toString(broker.port()),
              "MBB_AWS_MQ_MQ_TLS", "false");
      Map<String, String> environment = new HashMap<>(aws.environment());
      environment.putAll(local);
      String port = Integer.toString(FreePorts.next()); // others here may have the stack's
      environment.put("MBB_BRIDGE_HTTP_PORT", port);

      Path log = folder.resolve("bridge.log");
      Process bridge = start("org.messagebusbridge.cli.Mbb", arguments(stack), environment, log);
      try {
        Map<String, String> login = new HashMap<>(local);
        login.put("MBB_AWS_MQ_MQ_USER_ID", broker.user());
        login.put("MBB_AWS_MQ_MQ_PASSWORD", broker.password());
        login.put("MBB_AWS_MQ_MQ_QNAME_TO_WS", "to_ws");
        login.put("MBB_AWS_MQ_MQ_QNAME_FROM_WS", "from_ws");
        Path testerLog = folder.resolve("tester.log");
        Process tester =
            start(
                "org.messagebusbridge.tester.Main",
                List.of("-n", "200", "-d", "0.005", "-e", "40"),
                login,
                testerLog);
        try {
          assertThat(tester.waitFor(2, TimeUnit.MINUTES)).isTrue();
          assertThat(tester.exitValue())
              .as(Files.readString(testerLog) + Files.readString(log))
              .isZero();
        } finally {
          tester.destroyForcibly();
        }
        Path healthLog = folder.resolve("health.log");
        Process health =
            start("org.messagebusbridge.cli.HealthCheck", List.of(port), Map.of(), healthLog);
        assertThat(health.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(health.exitValue()).as(Files.readString(healthLog)).isZero();
        bridge.destroy();
        assertThat(bridge.waitFor(1, TimeUnit.MINUTES)).isTrue();
      } finally {
        bridge.destroyForcibly();
      }

      assertThat(bridge.exitValue()).as(Files.readString(log)).isZero();
      assertThat(aws.traffic().calls())
          .isNotEmpty()
          .allSatisfy(call -> assertThat(call.succeeded()).as(call.toString()).isTrue());
      assertThat(aws.traffic().counts().keySet())
          .as("what it called, and all that it may call")
          .isEqualTo(allowed(stack));
    }
  }

  /** Without the one that finds which parameter cannot be decrypted: here all can. */
  private static Set<String> allowed(Stack stack) {
    Set<String> actions = new TreeSet<>();
    stack.rights("BridgeRole").forEach(right -> actions.add(right.replaceFirst(" on .*", "")));
    assertThat(actions.remove("ssm:GetParameter")).isTrue();
    return actions;
  }

  /** Makes what the template makes. */
  private static void make(AwsEndpoint aws, EmbeddedBroker broker, Stack stack) throws IOException {
    ObjectNode login =
        JSON.createObjectNode().put("username", broker.user()).put("password", broker.password());
    String arn =
        aws.direct()
            .json(
                "secretsmanager:CreateSecret",
                Map.of(
                    "Name",
                    "login",
                    "SecretString",
                    login.toString(),
                    "ClientRequestToken",
                    UUID.randomUUID().toString()))
            .get("ARN")
            .asText();
    aws.direct().json("logs:CreateLogGroup", Map.of("logGroupName", LOG_GROUP));
    Map<String, String> made = Map.of("BrokerLogin", arn, "LogsGroup", LOG_GROUP);
    for (JsonNode parameter : stack.all("AWS::SSM::Parameter")) {
      String name = parameter.get("Name").asText();
      aws.direct()
          .json(
              "ssm:PutParameter",
              Map.of(
                  "Name",
                  name,
                  "Type",
                  "String",
                  "Value",
                  resolved(Stack.text(parameter.get("Value")), aws, made)));
    }
  }

  private static String resolved(String text, AwsEndpoint aws, Map<String, String> made) {
    return text.replaceAll("\\$\\{LogsGroup\\w+}", made.getOrDefault("LogsGroup", ""))
        .replaceAll("\\$\\{BrokerLogin\\w+}", made.getOrDefault("BrokerLogin", ""))
        .replace("${AWS::Region}", aws.region());
  }

  private static List<String> arguments(Stack stack) {
    return stack
        .resource("AWS::ECS::TaskDefinition", "FargateTask")
        .at("/Properties/ContainerDefinitions/0/Command")
        .valueStream()
        .map(JsonNode::asText)
        .toList();
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
