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
  STANDARD("wsHost", "none", "stub", "true", "tag", "1a2b3c"),
  /** The committed files, as they are. */
  DEV("env", "dev", "tag", "1a2b3c"),
  PROD("env", "prod", "stack", "Prod", "tag", "1a2b3c"),
  EC2(
      "runner", "ec2",
      "email", "ops@example.com",
      "least", "2",
      "ami", "ami-0123456789abcdef0",
      "wsHost", "none",
      "stub", "true",
      "tag", "1a2b3c"),
  /** Every option at another value than its default, as far as they go together. */
  LARGE(
      "stack", "Bridge2",
      "broker", "cluster",
      "engine", "4.3",
      "brokerInstance", "mq.m7g.xlarge",
      "rotateDays", "7",
      "cidr", "10.20.0.0/16",
      "natGateways", "2",
      "egress", "203.0.113.0/24",
      "wsHost", "wss://api.example.com:8443",
      "wsUri", "/v1/socket",
      "wsSecret", "arn:aws:secretsmanager:us-east-1:123456789012:secret:peer-AbCdEf",
      "queueToWs", "orders",
      "queueFromWs", "fills",
      "maxMessageBytes", "1048576",
      "cpu", "1024",
      "memory", "3072",
      "least", "2",
      "most", "10",
      "spot", "true",
      "drainSecs", "60",
      "image", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/bridge2/bridge:1a2b3c",
      "testerImage",
          "123456789012.dkr.ecr.eu-west-1.amazonaws.com/bridge2/tester@sha256:"
              + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "adot", "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.0",
      "logDays", "365",
      "namespace", "Bank/Bridge",
      "runbooks", "https://github.com/bank/bridge/blob/main/docs/runbooks",
      "protect", "false",
      "insights", "false",
      "canaryMinutes", "15",
      "kmsKey", "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      "qualifier", "bank",
      "permissionsBoundary", "arn:aws:iam::123456789012:policy/boundary",
      "tags", "cost-centre=42,owner=payments",
      "github", "bank@123/bridge@456",
      "githubEnvironment", "live"),
  EXISTING_BROKER(
      "broker", "existing",
      "brokerHost", "rabbit.example.com",
      "brokerPort", "5672",
      "brokerSecret", "arn:aws:secretsmanager:us-east-1:123456789012:secret:mq-AbCdEf",
      "brokerSecurityGroup", "sg-0123456789abcdef0",
      "vpc", "vpc-0123456789abcdef0",
      "subnets", "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
      "wsHost", "none",
      "stub", "true",
      "tag", "1a2b3c",
      "githubProvider",
          "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
      "github", "bank/bridge"),
  /** A VPC that is there, whose subnets reach AWS by endpoints alone. */
  EXISTING_VPC_WITHOUT_NAT(
      "vpc", "vpc-0123456789abcdef0",
      "subnets", "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
      "routeTables", "rtb-0123456789abcdef0,rtb-0123456789abcdef1",
      "endpoints", "true",
      "adot", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/adot:v0.43.0",
      "most", "20",
      "wsHost", "ws://10.0.0.1:8080",
      "tag", "1a2b3c"),
  STANDBY_WITHOUT_NAT(
      "ha", "standby",
      "natGateways", "0",
      "endpoints", "true",
      "wsHost", "wss://10.0.0.1",
      "tag", "1a2b3c"),
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
      "protect",
      "false",
      "engine",
      "3.13",
      "brokerUser",
      "administrator",
      "wsHost",
      "ws://10.0.0.1:8080",
      "tag",
      "1a2b3c");

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

    /** Of that which lasts. */
    Stack base() {
      return stack("-Base");
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

  Stack base() {
    return made().base();
  }

  /** Of both. */
  List<Stack> both() {
    return List.of(base(), bridge());
  }

  private static Made make(Variant variant) {
    Path folder = Path.of("target", "synth", variant.name()).toAbsolutePath();
    App app = app(variant.context(), folder);
    Options options;
    try {
      options = Main.build(app, ROOT.resolve("environments"));
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
        .forEach(
            flag -> context.put(flag.getKey(), JSON.convertValue(flag.getValue(), Object.class)));
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

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode read(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
