package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.messagebusbridge.sandbox.junit.Needs;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.CfnVPC;
import software.amazon.awscdk.services.s3.Bucket;

/** The rules that every template is held to: CloudFormation's own, cdk-nag's and cfn-lint's. */
class RulesTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @ParameterizedTest
  @EnumSource
  void neitherCloudFormationsRulesNorCdkNagFindAnything(Variant variant) {
    JsonNode report = variant.made().report();

    List<String> findings = new ArrayList<>();
    for (JsonNode plugin : report.get("pluginReports")) {
      for (JsonNode violation : plugin.get("violations")) {
        if (!violation.path("severity").asText().equals("info")) {
          findings.add(violation.get("ruleName").asText() + ": " + violation.get("description"));
        }
      }
    }

    assertThat(findings).isEmpty();
  }

  @Test
  void acceptsTheseFindingsAndNoOthers() {
    String parameters = "ssm:<AWS::Region>:<AWS::AccountId>:parameter/messagebusbridge/STACK/*";
    TreeSet<String> accepted = new TreeSet<>();
    for (Variant variant : Variant.values()) {
      variant
          .made()
          .accepted()
          .forEach(
              finding ->
                  accepted.add(
                      (finding.where() + ": " + finding.rule())
                          .replace(variant.made().stack(), "STACK")));
      assertThat(variant.made().accepted())
          .allSatisfy(finding -> assertThat(finding.reason()).hasSizeGreaterThan(40));
    }

    assertThat(accepted)
        .containsExactly(
            "STACK-Base/Broker/Administrator: AwsSolutions-SMG4",
            "STACK-Base/Broker/Login: AwsSolutions-SMG4",
            // The CDK's own, of its flow logs.
            "STACK-Base/Network/Vpc/Rejected: CloudFormation-Validate::F3002",
            "STACK-Base/Network/Vpc/Rejected: CloudFormation-Validate::F3003",
            "STACK-Base/Network/Vpc: Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId",
            "STACK-Pipeline/Deploy: AwsSolutions-IAM5[Resource::*]",
            "STACK-Pipeline/Deploy: "
                + wildcard("cloudformation:<AWS::Region>:<AWS::AccountId>:stack/STACK-Base/*"),
            "STACK-Pipeline/Deploy: "
                + wildcard("cloudformation:<AWS::Region>:<AWS::AccountId>:stack/STACK/*"),
            "STACK-Pipeline/Deploy: "
                + wildcard("ecs:<AWS::Region>:<AWS::AccountId>:task-definition/STACK-smoke:*"),
            "STACK-Pipeline/Deploy: " + wildcard("ecs:<AWS::Region>:<AWS::AccountId>:task/STACK/*"),
            "STACK-Pipeline/Deploy: "
                + wildcard(
                    "logs:<AWS::Region>:<AWS::AccountId>:log-group:/messagebusbridge/STACK/smoke:log-stream:smoke/*"),
            "STACK/BridgeRole: AwsSolutions-IAM5[Resource::*]",
            "STACK/BridgeRole: " + wildcard(parameters),
            "STACK/BrokerUser/Role: AwsSolutions-IAM5[Resource::*]",
            "STACK/Cluster: AwsSolutions-ECS4",
            "STACK/Fargate/Task: AwsSolutions-ECS2",
            "STACK/Fargate/Task: AwsSolutions-IAM5[Resource::*]",
            "STACK/Smoke/Role: " + wildcard(parameters),
            "STACK/Smoke/Starter: AwsSolutions-IAM5[Resource::*]",
            "STACK/Smoke/Task: AwsSolutions-ECS2",
            "STACK/Smoke/Task: AwsSolutions-IAM5[Resource::*]");
  }

  private static String wildcard(String resource) {
    return "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:" + resource + "]";
  }

  @Test
  void aTemplateThatBreaksARuleIsNotMade(@TempDir Path folder) throws OptionsException {
    App app = Variant.app(Map.of("wsHost", "none", "stub", "true", "tag", "1a2b3c"), folder);
    Main.build(app, ROOT.resolve("environments"));
    Stack stack = new Stack(app, "Broken");
    CfnVPC.Builder.create(stack, "Vpc")
        .cidrBlock("10.0.0.0/16")
        .build()
        .addPropertyOverride("Colour", "red");
    new Bucket(stack, "Bucket");

    assertThatThrownBy(app::synth).hasMessageContaining("Validation failed");
    String report = Variant.read(folder.resolve("validation-report.json")).toString();
    assertThat(report).contains("AwsSolutions-S1", "CloudFormation Validate", "Colour");
  }

  @Test
  void cfnLintFindsNothing() throws IOException, InterruptedException {
    Needs.file(
        ROOT.resolve("target/cfn-lint/installed"), "cfn-lint", "tools/cfn-lint/run --install");
    List<String> command = new ArrayList<>(List.of("tools/cfn-lint/run"));
    for (Variant variant : Variant.values()) {
      try (Stream<Path> files = Files.list(variant.made().folder())) {
        files
            .map(Path::toString)
            .filter(name -> name.endsWith(".template.json"))
            .sorted()
            .forEach(command::add);
      }
    }
    assertThat(command).hasSize(1 + 3 * Variant.values().length + 2);

    Process lint =
        new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true).start();
    lint.getOutputStream().close();
    String output = new String(lint.getInputStream().readAllBytes(), UTF_8);

    assertThat(output).isEmpty();
    assertThat(lint.waitFor()).isZero();
  }

  /** What a bank asks, whatever the options: infra/guard/bank.guard. */
  @Test
  void theRulesOfABankHold() throws IOException, InterruptedException {
    Needs.file(
        ROOT.resolve("target/cfn-guard/installed"), "cfn-guard", "tools/cfn-guard/run --install");
    List<Path> templates = new ArrayList<>();
    for (Variant variant : Variant.values()) {
      try (Stream<Path> files = Files.list(variant.made().folder())) {
        files.filter(file -> file.toString().endsWith(".template.json")).forEach(templates::add);
      }
    }

    assertThat(guard(templates)).isEmpty();
  }

  @Test
  void aTemplateThatABankWouldNotTakeIsFound(@TempDir Path folder)
      throws IOException, InterruptedException {
    Needs.file(
        ROOT.resolve("target/cfn-guard/installed"), "cfn-guard", "tools/cfn-guard/run --install");
    Path template = folder.resolve("open.template.json");
    Files.writeString(
        template,
        """
        {"Resources": {
          "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"MapPublicIpOnLaunch": true}},
          "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {}},
          "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {}},
          "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "x"}},
          "Images": {"Type": "AWS::ECR::Repository", "Properties": {"ImageTagMutability": "MUTABLE"}},
          "Task": {"Type": "AWS::ECS::TaskDefinition",
            "Properties": {"ContainerDefinitions": [{"ReadonlyRootFilesystem": false}]}}}}
        """);

    String found = guard(List.of(template));

    for (String rule :
        List.of(
            "nothing_is_reached_from_outside",
            "the_default_security_group_is_closed",
            "networks_log_what_they_reject",
            "logs_are_kept_for_a_stated_time",
            "secrets_are_made_and_never_written_down",
            "containers_write_nothing",
            "images_are_scanned_and_their_tags_stay")) {
      assertThat(found).containsPattern("bank\\.guard/" + rule + "\\s+FAIL");
    }
  }

  private static String guard(List<Path> templates) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("tools/cfn-guard/run", "infra/guard/bank.guard"));
    templates.stream().map(Path::toString).sorted().forEach(command::add);
    Process guard =
        new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true).start();
    guard.getOutputStream().close();
    String output = new String(guard.getInputStream().readAllBytes(), UTF_8);
    assertThat(guard.waitFor()).as(output).isEqualTo(output.isEmpty() ? 0 : 19);
    return output;
  }
}
