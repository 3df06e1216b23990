package org.messagebusbridge.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Validations;
import software.constructs.IConstruct;

/**
 * The deployments that the tests look at, each by its options. A template is made once in a run,
 * with cdk.json's own context, and all rules on: making it fails when one is broken.
 */
enum Variant {
  STANDARD,
  EC2("runner", "ec2", "email", "ops@example.com", "least", "2"),
  /** Every option at another value than its default, as far as they go together. */
  LARGE(
      "stack", "Bridge2",
      "broker", "cluster",
      "engine", "3.13",
      "brokerInstance", "mq.m5.large",
      "natGateways", "2",
      "wsHost", "wss://api.example.com",
      "wsUri", "/v1/socket",
      "wsSecret", "arn:aws:secretsmanager:us-east-1:123456789012:secret:peer-AbCdEf",
      "queueToWs", "orders",
      "queueFromWs", "fills",
      "cpu", "1024",
      "memory", "3072",
      "least", "2",
      "most", "10",
      "drainSecs", "60",
      "tag", "1a2b3c",
      "logDays", "365",
      "namespace", "Bank/Bridge",
      "runbooks", "https://github.com/bank/bridge/blob/main/docs/runbooks",
      "protect", "false",
      "github", "bank/bridge"),
  EXISTING_BROKER(
      "broker", "existing",
      "brokerHost", "rabbit.example.com",
      "brokerPort", "5672",
      "brokerSecret", "arn:aws:secretsmanager:us-east-1:123456789012:secret:mq-AbCdEf",
      "brokerSecurityGroup", "sg-0123456789abcdef0",
      "vpc", "vpc-0123456789abcdef0",
      "subnets", "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
      "githubProvider",
          "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
      "github", "bank/bridge"),
  STANDBY_WITHOUT_NAT("ha", "standby", "natGateways", "0", "endpoints", "true"),
  EC2_WITHOUT_NAT(
      "runner",
      "ec2",
      "natGateways",
      "0",
      "endpoints",
      "true",
      "instance",
      "m8g.medium",
      "least",
      "1",
      "most",
      "1",
      "wsHost",
      "ws://10.0.0.1:8080");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Map<Variant, Made> MADE = new EnumMap<>(Variant.class);

  /** Names and values in turn, parted by spaces. */
  private final String options;

  Variant(String... options) {
    this.options = String.join(" ", options);
  }

  private Map<String, Object> context() {
    Map<String, Object> context = new TreeMap<>();
    String[] words = options.isEmpty() ? new String[0] : options.split(" ", -1);
    for (int i = 0; i < words.length; i += 2) {
      context.put(words[i], words[i + 1]);
    }
    return context;
  }

  /**
   * What was made.
   *
   * @param report of the rules; with warnings and notes
   */
  record Made(Path folder, String stack, JsonNode report, List<Finding> accepted) {
    /** Of the bridge's stack. */
    Stack bridge() {
      return stack("");
    }

    /** Of another one, by the ending of its name. */
    Stack stack(String ending) {
      return new Stack(read(folder.resolve(stack + ending + ".template.json")));
    }
  }

  /** A finding that the code accepts. */
  record Finding(String where, String rule, String reason) {}

  /** Makes it, or hands out what was made before. */
  Made made() {
    synchronized (MADE) {
      return MADE.computeIfAbsent(this, Variant::make);
    }
  }

  Stack bridge() {
    return made().bridge();
  }

  private static Made make(Variant variant) {
    Path folder = Path.of("target", "synth", variant.name()).toAbsolutePath();
    App app = app(variant.context(), folder);
    Options options;
    try {
      options = Main.build(app, "2.0.0-TEST");
    } catch (OptionsException e) {
      throw new AssertionError(e.problems());
    }
    app.synth();
    List<Finding> accepted = new ArrayList<>();
    accepted(app, accepted);
    return new Made(
        folder, options.stackName(), read(folder.resolve("validation-report.json")), accepted);
  }

  static App app(Map<String, Object> options, Path folder) {
    Map<String, Object> context = new TreeMap<>();
    read(ROOT.resolve("cdk.json"))
        .get("context")
        .properties()
        .forEach(flag -> context.put(flag.getKey(), flag.getValue().booleanValue()));
    context.putAll(options);
    return new App(
        AppProps.builder().context(context).outdir(folder.toString()).autoSynth(false).build());
  }

  private static void accepted(IConstruct construct, List<Finding> found) {
    construct
        .getNode()
        .getMetadata()
        .forEach(
            entry -> {
              if (entry.getType().equals(Validations.ACKNOWLEDGED_RULES_METADATA_KEY)) {
                JSON.valueToTree(entry.getData())
                    .properties()
                    .forEach(
                        rule ->
                            found.add(
                                new Finding(
                                    construct.getNode().getPath(),
                                    rule.getKey(),
                                    rule.getValue().asText())));
              }
            });
    construct.getNode().getChildren().forEach(child -> accepted(child, found));
  }

  static JsonNode read(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
