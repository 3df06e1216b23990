package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.messagebusbridge.infra.Variant.DEV;
import static org.messagebusbridge.infra.Variant.EC2;
import static org.messagebusbridge.infra.Variant.EC2_WITHOUT_NAT;
import static org.messagebusbridge.infra.Variant.EXISTING_BROKER;
import static org.messagebusbridge.infra.Variant.EXISTING_VPC_WITHOUT_NAT;
import static org.messagebusbridge.infra.Variant.LARGE;
import static org.messagebusbridge.infra.Variant.STANDARD;
import static org.messagebusbridge.infra.Variant.STANDBY_WITHOUT_NAT;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.assertions.Match;

/** What the stack is meant to be, by its templates: network, broker, and what stands beside. */
class TemplatesTest {

  @Test
  void nothingOfTheNetworkCanBeReachedFromOutside() {
    for (Variant variant : Variant.values()) {
      for (Stack stack : variant.both()) {
        assertThat(stack.all("AWS::EC2::SecurityGroup"))
            .allSatisfy(group -> assertThat(group.has("SecurityGroupIngress")).isFalse());
        assertThat(stack.all("AWS::EC2::SecurityGroupIngress"))
            .allSatisfy(
                rule -> {
                  assertThat(rule.has("SourceSecurityGroupId")).isTrue();
                  assertThat(rule.has("CidrIp") || rule.has("CidrIpv6")).isFalse();
                });
        assertThat(stack.all("AWS::EC2::Subnet"))
            .allSatisfy(
                subnet -> assertThat(subnet.path("MapPublicIpOnLaunch").asBoolean()).isFalse());
      }
      assertThat(variant.base().all("AWS::EC2::SecurityGroupIngress")).isNotEmpty();
      assertThat(variant.base().count().containsKey("Custom::VpcRestrictDefaultSG"))
          .as("the default group of a VPC that is made lets nothing in or out")
          .isEqualTo(variant.base().count().containsKey("AWS::EC2::VPC"));
    }
  }

  @Test
  void nothingGoesOutButByHttpsAndToTheBrokerAndTheService() {
    assertThat(egress(STANDARD, "Clients")).containsExactly("443 to 0.0.0.0/0", "5671 to broker");
    assertThat(egress(LARGE, "Clients"))
        .containsExactly("443 to 203.0.113.0/24", "5671 to broker", "8443 to 203.0.113.0/24");
    assertThat(egress(STANDARD, "Administrators"))
        .containsExactly("443 to 0.0.0.0/0", "443 to broker", "5671 to broker");
    assertThat(egress(STANDARD, "BrokerSecurityGroup")).isEmpty();
    for (Variant variant : Variant.values()) {
      for (JsonNode group : variant.base().all("AWS::EC2::SecurityGroup")) {
        assertThat(group.path("SecurityGroupEgress"))
            .noneMatch(rule -> rule.path("IpProtocol").asText().equals("-1"));
      }
    }
  }

  /** Rules of a group, in it or beside it. */
  private static List<String> egress(Variant variant, String id) {
    Stream<JsonNode> inside =
        variant
            .base()
            .resource("AWS::EC2::SecurityGroup", id)
            .at("/Properties/SecurityGroupEgress")
            .valueStream()
            .filter(rule -> !rule.path("CidrIp").asText().equals("255.255.255.255/32"));
    Stream<JsonNode> beside =
        variant.base().all("AWS::EC2::SecurityGroupEgress").stream()
            .filter(rule -> Stack.text(rule.get("GroupId")).startsWith("${" + id));
    return Stream.concat(inside, beside)
        .map(
            rule ->
                rule.get("ToPort").asText()
                    + " to "
                    + (rule.has("CidrIp") ? rule.get("CidrIp").asText() : "broker"))
        .sorted()
        .toList();
  }

  @Test
  void aNetworkOfItsOwnHasTwoZonesAndAsManyNatGatewaysAsAsked() {
    assertThat(STANDARD.base().count())
        .containsEntry("AWS::EC2::Subnet", 4L)
        .containsEntry("AWS::EC2::NatGateway", 1L)
        .containsEntry("AWS::EC2::FlowLog", 1L);
    assertThat(LARGE.base().count()).containsEntry("AWS::EC2::NatGateway", 2L);
    assertThat(LARGE.base().one("AWS::EC2::VPC").get("CidrBlock").asText())
        .isEqualTo("10.20.0.0/16");
    assertThat(STANDBY_WITHOUT_NAT.base().count())
        .containsEntry("AWS::EC2::Subnet", 2L)
        .doesNotContainKeys("AWS::EC2::NatGateway", "AWS::EC2::InternetGateway");
  }

  @Test
  void anEnvironmentForTrialsHasNoNatAndAddressesOfItsOwn() {
    assertThat(DEV.base().count())
        .containsEntry("AWS::EC2::Subnet", 2L)
        .containsEntry("AWS::EC2::InternetGateway", 1L)
        .doesNotContainKeys("AWS::EC2::NatGateway", "AWS::EC2::EIP");
    assertThat(
            DEV.bridge()
                .one("AWS::ECS::Service")
                .at("/NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp")
                .asText())
        .isEqualTo("ENABLED")
        .isEqualTo(DEV.base().template().at("/Outputs/PublicIp/Value").asText());
    assertThat(DEV.base().one("AWS::AmazonMQ::Broker").get("HostInstanceType").asText())
        .isEqualTo("mq.m7g.medium");
    assertThat(DEV.bridge().one("AWS::ECS::Cluster").at("/ClusterSettings/0/Value").asText())
        .isEqualTo("disabled");
  }

  @Test
  void aGivenNetworkIsUsedAndNotChanged() {
    assertThat(EXISTING_BROKER.base().count().keySet())
        .filteredOn(type -> type.startsWith("AWS::EC2::"))
        .containsExactly(
            "AWS::EC2::SecurityGroup",
            "AWS::EC2::SecurityGroupEgress",
            "AWS::EC2::SecurityGroupIngress");
    assertThat(EXISTING_BROKER.base().one("AWS::EC2::SecurityGroup").get("VpcId").asText())
        .isEqualTo("vpc-0123456789abcdef0");
    assertThat(
            EXISTING_BROKER
                .bridge()
                .one("AWS::ECS::Service")
                .at("/NetworkConfiguration/AwsvpcConfiguration/Subnets")
                .valueStream()
                .map(JsonNode::asText))
        .containsExactly("subnet-0123456789abcdef0", "subnet-0123456789abcdef1");
  }

  /** Amazon ECR User Guide, "Amazon ECR interface VPC endpoints": layers come from S3. */
  @Test
  void aGivenNetworkWithoutNatReachesS3ByItsRouteTables() {
    JsonNode s3 =
        EXISTING_VPC_WITHOUT_NAT.base().all("AWS::EC2::VPCEndpoint").stream()
            .filter(endpoint -> endpoint.path("VpcEndpointType").asText().equals("Gateway"))
            .findFirst()
            .orElseThrow();

    assertThat(s3.get("RouteTableIds"))
        .extracting(JsonNode::asText)
        .containsExactly("rtb-0123456789abcdef0", "rtb-0123456789abcdef1");
  }

  @Test
  void endpointsStandForWhatTheRunnerCallsAndAdmitWhoAsksAlone() {
    assertThat(services(STANDARD)).containsExactly("s3");
    assertThat(services(STANDBY_WITHOUT_NAT))
        .containsExactly("ecr.api", "ecr.dkr", "logs", "monitoring", "s3", "secretsmanager", "ssm");
    assertThat(services(EXISTING_VPC_WITHOUT_NAT)).as("with a collector").contains("xray");
    assertThat(services(EC2_WITHOUT_NAT))
        .containsExactly(
            "cloudformation",
            "ecr.api",
            "ecr.dkr",
            "logs",
            "monitoring",
            "s3",
            "secretsmanager",
            "ssm",
            "ssmmessages");
    assertThat(STANDBY_WITHOUT_NAT.base().all("AWS::EC2::SecurityGroupIngress"))
        .extracting(rule -> rule.get("FromPort").asInt())
        .containsExactlyInAnyOrder(5671, 5671, 443, 443, 443);
  }

  private static List<String> services(Variant variant) {
    return variant.base().all("AWS::EC2::VPCEndpoint").stream()
        .map(endpoint -> Stack.text(endpoint.get("ServiceName")))
        .map(name -> name.replaceAll("^com\\.amazonaws\\.\\$\\{AWS::Region}\\.", ""))
        .sorted()
        .toList();
  }

  /** The properties are those of AWS::AmazonMQ::Broker in the CloudFormation reference. */
  @Test
  void theBrokerIsPrivateLoggedAndKeepsItsPasswordInSecretsManager() {
    JsonNode resource = STANDARD.base().resource("AWS::AmazonMQ::Broker", "Broker");
    JsonNode broker = resource.get("Properties");

    assertThat(broker.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "AutoMinorVersionUpgrade",
            "BrokerName",
            "Configuration",
            "DeploymentMode",
            "EngineType",
            "EngineVersion",
            "HostInstanceType",
            "Logs",
            "MaintenanceWindowStartTime",
            "PubliclyAccessible",
            "SecurityGroups",
            "SubnetIds",
            "Users");
    assertThat(broker.get("EngineType").asText()).isEqualTo("RABBITMQ");
    assertThat(broker.get("EngineVersion").asText()).isEqualTo("4.2");
    assertThat(broker.get("DeploymentMode").asText()).isEqualTo("SINGLE_INSTANCE");
    assertThat(broker.get("HostInstanceType").asText()).isEqualTo("mq.m7g.medium");
    assertThat(broker.get("PubliclyAccessible").asBoolean()).isFalse();
    assertThat(broker.get("AutoMinorVersionUpgrade").asBoolean()).isTrue();
    assertThat(broker.at("/Logs/General").asBoolean()).isTrue();
    assertThat(broker.get("SubnetIds")).hasSize(1);
    assertThat(broker.get("Users")).hasSize(1);
    assertThat(Stack.text(broker.at("/Users/0/Password")))
        .matches(
            "\\{\\{resolve:secretsmanager:\\$\\{BrokerAdministrator\\w+}:SecretString:password::}}");
    assertThat(Stack.text(broker.at("/Users/0/Username")))
        .matches(
            "\\{\\{resolve:secretsmanager:\\$\\{BrokerAdministrator\\w+}:SecretString:username::}}");
    assertThat(resource.get("DeletionPolicy").asText()).isEqualTo("Delete");
    assertThat(resource.get("UpdateReplacePolicy").asText()).isEqualTo("Retain");

    List<JsonNode> secrets = STANDARD.base().all("AWS::SecretsManager::Secret");
    assertThat(secrets)
        .extracting(secret -> secret.at("/GenerateSecretString/SecretStringTemplate").asText())
        .containsExactlyInAnyOrder("{\"username\":\"administrator\"}", "{\"username\":\"bridge\"}");
    for (JsonNode secret : secrets) {
      assertThat(secret.has("SecretString")).isFalse();
      JsonNode made = secret.get("GenerateSecretString");
      assertThat(made.get("GenerateStringKey").asText()).isEqualTo("password");
      assertThat(made.get("PasswordLength").asInt()).isEqualTo(32);
      assertThat(made.get("ExcludePunctuation").asBoolean()).isTrue();
    }
  }

  /** AWS::AmazonMQ::Configuration, "Data"; "Resource Limit Configuration" has the names. */
  @Test
  void aBrokerTakesMessagesAsLargeAsTheBridgesAndEnoughConnections() {
    assertThat(limits(STANDARD)).isEqualTo("max_message_size = 16777216\n");
    assertThat(limits(LARGE)).isEqualTo("max_message_size = 1048576\n");
    assertThat(limits(EXISTING_VPC_WITHOUT_NAT))
        .as("in the section of its type and mode: 1 is a single instance, 3 a cluster")
        .isEqualTo(
            """
            max_message_size = 16777216
            {{m7g.medium.1}}
            connection_max = 140
            {{m7g.medium.1}}
            """);
    assertThat(EC2_WITHOUT_NAT.base().one("AWS::AmazonMQ::Broker").get("EngineVersion").asText())
        .isEqualTo("3.13");
    assertThat(EC2_WITHOUT_NAT.base().count())
        .as("RabbitMQ 3.13 has its limits at their most, and takes no configuration of them")
        .doesNotContainKey("AWS::AmazonMQ::Configuration");
    JsonNode configuration = STANDARD.base().one("AWS::AmazonMQ::Broker").get("Configuration");
    assertThat(Stack.text(configuration.get("Id"))).matches("\\$\\{BrokerConfiguration\\w+\\.Id}");
    assertThat(Stack.text(configuration.get("Revision")))
        .matches("\\$\\{BrokerConfiguration\\w+\\.Revision}");
  }

  private static String limits(Variant variant) {
    JsonNode configuration = variant.base().one("AWS::AmazonMQ::Configuration");
    JsonNode broker = variant.base().one("AWS::AmazonMQ::Broker");
    assertThat(configuration.get("EngineType").asText()).isEqualTo("RABBITMQ");
    assertThat(configuration.get("EngineVersion")).isEqualTo(broker.get("EngineVersion"));
    return new String(Base64.getDecoder().decode(configuration.get("Data").asText()), UTF_8);
  }

  /** RabbitMQ's access control: three regular expressions, of which none matches another queue. */
  @Test
  void theBridgesUserMayUseItsQueuesAlone() {
    JsonNode user = LARGE.bridge().one("Custom::BrokerUser");

    for (String right : List.of("Configure", "Write", "Read")) {
      assertThat(
              Stream.of(
                      "orders",
                      "fills",
                      "orders.dead",
                      "orders.active",
                      "orders.smoke",
                      "fills.smoke",
                      "orders.smoke.dead",
                      "amq.default",
                      "ordersXdead",
                      "orders2",
                      "other",
                      "amq.topic",
                      "")
                  .filter(name -> name.matches(user.get(right).asText())))
          .containsExactlyElementsOf(
              Stream.of(
                      "orders",
                      "fills",
                      "orders.dead",
                      "orders.active",
                      "orders.smoke",
                      "fills.smoke",
                      "orders.smoke.dead",
                      "amq.default")
                  .filter(name -> !name.equals("amq.default") || right.equals("Write"))
                  .toList());
    }
    assertThat(user.get("DeliveryLimit").asText()).isEqualTo("1000000000");
    assertThat(user.get("ServiceTimeout").asText())
        .as("seconds, longer than three tries of its function")
        .isEqualTo("900");
    assertThat(Stack.text(user.get("Secret"))).contains("BrokerLogin");
    assertThat(LARGE.base().template().at("/Outputs/BrokerLogin/Value").asText())
        .isEqualTo("a user of the bridge's own, for its queues alone");
    assertThat(DEV.base().template().at("/Outputs/BrokerLogin/Value").asText())
        .isEqualTo("the broker's administrator; docs/deploy.md says how to make a user of its own");
    assertThat(DEV.bridge().count()).doesNotContainKey("Custom::BrokerUser");
  }

  @Test
  void itsPasswordIsChangedByTheClock() {
    LARGE
        .bridge()
        .assertions()
        .hasResourceProperties(
            "AWS::SecretsManager::RotationSchedule",
            Map.of(
                "RotationRules", Map.of("ScheduleExpression", "rate(7 days)"),
                "RotateImmediatelyOnUpdate", false,
                "SecretId", Map.of("Fn::ImportValue", Match.stringLikeRegexp("BrokerLogin"))));
    assertThat(LARGE.bridge().rights("BrokerUserRole"))
        .extracting(right -> right.replaceFirst(" on .*", ""))
        .contains(
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetRandomPassword",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage");
  }

  @Test
  void aClusterIsInAllSubnets() {
    LARGE
        .base()
        .assertions()
        .hasResourceProperties(
            "AWS::AmazonMQ::Broker",
            Map.of(
                "DeploymentMode", "CLUSTER_MULTI_AZ",
                "EngineVersion", "4.3",
                "HostInstanceType", "mq.m7g.xlarge",
                "SubnetIds", List.of(Match.anyValue(), Match.anyValue())));
  }

  @Test
  void anExistingBrokerIsNotMadeButLetsTheBridgeIn() {
    Stack stack = EXISTING_BROKER.base();

    assertThat(stack.count())
        .doesNotContainKeys("AWS::AmazonMQ::Broker", "AWS::SecretsManager::Secret");
    JsonNode rule = stack.one("AWS::EC2::SecurityGroupIngress");
    assertThat(rule.get("GroupId").asText()).isEqualTo("sg-0123456789abcdef0");
    assertThat(rule.get("FromPort").asInt()).isEqualTo(5672);
    assertThat(Stack.text(rule.get("SourceSecurityGroupId"))).startsWith("${Clients");
  }

  /** What runs is not: one whose first deployment failed has to be made anew. */
  @Test
  void whatLastsIsProtectedUnlessToldOtherwise() {
    assertThat(protection(STANDARD, "-Base")).isTrue();
    assertThat(protection(STANDARD, "")).isFalse();
    assertThat(protection(LARGE, "-Base")).isFalse();
    for (Variant variant : Variant.values()) {
      assertThat(variant.bridge().count().keySet())
          .doesNotContain("AWS::AmazonMQ::Broker", "AWS::SecretsManager::Secret", "AWS::EC2::VPC");
      assertThat(variant.base().count().keySet())
          .doesNotContain("AWS::ECS::Service", "AWS::AutoScaling::AutoScalingGroup");
    }
  }

  private static boolean protection(Variant variant, String ending) {
    JsonNode manifest = Variant.read(variant.made().folder().resolve("manifest.json"));
    return manifest
        .at("/artifacts/" + variant.made().stack() + ending + "/properties/terminationProtection")
        .asBoolean();
  }

  /** Images and logs: all are kept, or none. */
  @Test
  void whatOutlivesItsStackDoesSoWholly() {
    for (Variant variant : Variant.values()) {
      // A stack that could not be made leaves nothing: it would be in the way of the next try.
      String policy = protection(variant, "-Base") ? "RetainExceptOnCreate" : "Delete";
      List<JsonNode> kept = new ArrayList<>();
      for (Stack stack :
          List.of(variant.base(), variant.bridge(), variant.made().stack("-Images"))) {
        kept.addAll(stack.resources("AWS::Logs::LogGroup"));
        kept.addAll(stack.resources("AWS::ECR::Repository"));
      }
      assertThat(kept).hasSizeGreaterThanOrEqualTo(4);
      assertThat(variant.bridge().template().get("Resources").valueStream())
          .as("what is made anew at will keeps nothing")
          .noneMatch(resource -> resource.path("DeletionPolicy").asText().startsWith("Retain"));
      assertThat(kept).allMatch(resource -> resource.get("DeletionPolicy").asText().equals(policy));
      assertThat(variant.made().stack("-Images").all("AWS::ECR::Repository"))
          .as("a repository that goes is emptied before")
          .allMatch(
              repository ->
                  repository.path("EmptyOnDelete").asBoolean() == policy.equals("Delete"));
    }
  }

  @Test
  void logsAreKeptAsLongAsAsked() {
    assertThat(logGroups(STANDARD))
        .containsExactly(
            "/messagebusbridge/MessageBusBridge 30",
            "/messagebusbridge/MessageBusBridge/broker-user 30",
            "/messagebusbridge/MessageBusBridge/flows 30",
            "/messagebusbridge/MessageBusBridge/smoke 30");
    assertThat(logGroups(LARGE)).hasSize(4).allMatch(group -> group.endsWith(" 365"));
  }

  private static List<String> logGroups(Variant variant) {
    return variant.both().stream()
        .flatMap(stack -> stack.all("AWS::Logs::LogGroup").stream())
        .map(
            group ->
                group.get("LogGroupName").asText() + " " + group.get("RetentionInDays").asText())
        .sorted()
        .toList();
  }

  @Test
  void theImagesRepositoriesKeepTheirTagsAndScanWhatComes() {
    List<JsonNode> repositories = STANDARD.made().stack("-Images").all("AWS::ECR::Repository");

    assertThat(repositories)
        .extracting(repository -> repository.get("RepositoryName").asText())
        .containsExactly("messagebusbridge/bridge", "messagebusbridge/tester");
    assertThat(LARGE.made().stack("-Images").all("AWS::ECR::Repository"))
        .extracting(repository -> repository.get("RepositoryName").asText())
        .containsExactly("bridge2/bridge", "bridge2/tester");
    assertThat(repositories)
        .allSatisfy(
            repository -> {
              assertThat(repository.get("ImageTagMutability").asText()).isEqualTo("IMMUTABLE");
              assertThat(repository.at("/ImageScanningConfiguration/ScanOnPush").asBoolean())
                  .isTrue();
            });
  }

  @Test
  void outputsAreWhatTheSmokeTestReads() {
    for (Variant variant : List.of(STANDARD, EC2, EXISTING_BROKER)) {
      assertThat(variant.bridge().template().get("Outputs").properties().stream())
          .extracting(Map.Entry::getKey)
          .contains("Cluster", "SmokeTask");
      assertThat(variant.base().template().get("Outputs").properties().stream())
          .extracting(Map.Entry::getKey)
          .contains("Subnets", "SecurityGroup", "PublicIp", "SmokeLogGroup");
    }
    assertThat(Stack.text(STANDARD.bridge().template().at("/Outputs/BoardLink/Value")))
        .isEqualTo(
            "https://${AWS::Region}.console.aws.amazon.com/cloudwatch/home?region=${AWS::Region}"
                + "#dashboards/dashboard/MessageBusBridge-${AWS::Region}");
  }

  /** Both forms of a repository's subject, each exactly; see {@link PipelineStack#subjects}. */
  @Test
  void thePipelineMayBePutOnByTheRepositorysOwnWorkflowsAlone() {
    assertThat(subjects(LARGE))
        .containsExactly(
            "repo:bank/bridge:environment:live, repo:bank@123/bridge@456:environment:live",
            "repo:bank/bridge:pull_request, repo:bank@123/bridge@456:pull_request");
    assertThat(subjects(EXISTING_BROKER))
        .containsExactly(
            "repo:bank/bridge:environment:production", "repo:bank/bridge:pull_request");
  }

  private static List<String> subjects(Variant variant) {
    List<String> subjects = new ArrayList<>();
    for (JsonNode role : variant.made().stack("-Pipeline").all("AWS::IAM::Role")) {
      JsonNode statement = role.at("/AssumeRolePolicyDocument/Statement/0");
      assertThat(statement.get("Action").asText()).isEqualTo("sts:AssumeRoleWithWebIdentity");
      JsonNode condition = statement.at("/Condition/StringEquals");
      assertThat(condition.get("token.actions.githubusercontent.com:aud").asText())
          .isEqualTo("sts.amazonaws.com");
      subjects.add(Stack.text(condition.get("token.actions.githubusercontent.com:sub")));
    }
    subjects.sort(null);
    return subjects;
  }

  @Test
  void thePipelineMayDeployThisStackHereAndNothingElse() {
    Stack stack = LARGE.made().stack("-Pipeline");
    String role = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/";
    String cdk = role + "cdk-bank-%s-role-${AWS::AccountId}-${AWS::Region}";

    assertThat(stack.rights("Diff"))
        .containsExactly("sts:AssumeRole on " + cdk.formatted("lookup"));
    assertThat(stack.rights("Deploy"))
        .filteredOn(right -> right.startsWith("sts:") || right.startsWith("iam:"))
        .containsExactly(
            "iam:PassRole on "
                + (role + "Bridge2-${AWS::Region}-smoke, ")
                + (role + "Bridge2-${AWS::Region}-start"),
            "sts:AssumeRole on " + cdk.formatted("deploy"),
            "sts:AssumeRole on " + cdk.formatted("file-publishing"),
            "sts:AssumeRole on " + cdk.formatted("image-publishing"),
            "sts:AssumeRole on " + cdk.formatted("lookup"));
    assertThat(stack.rights("Deploy"))
        .extracting(right -> right.replaceFirst(" on .*", ""))
        .contains("ecs:RunTask", "ecs:StopTask", "logs:GetLogEvents", "ecr:PutImage");
    JsonNode run =
        stack.all("AWS::IAM::Policy").stream()
            .flatMap(policy -> policy.at("/PolicyDocument/Statement").valueStream())
            .filter(statement -> statement.path("Sid").asText().equals("Run"))
            .findFirst()
            .orElseThrow();
    assertThat(Stack.text(run.at("/Condition/ArnEquals/ecs:cluster")))
        .isEqualTo("arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/Bridge2");
    assertThat(LARGE.bridge().one("AWS::ECS::Cluster").get("ClusterName").asText())
        .isEqualTo("Bridge2");
    assertThat(LARGE.bridge().all("AWS::IAM::Role"))
        .extracting(made -> Stack.text(made.path("RoleName")))
        .contains("Bridge2-${AWS::Region}-smoke", "Bridge2-${AWS::Region}-start");
  }

  @Test
  void everyRoleHasTheAccountsBoundaryAndEveryResourceTheAccountsTags() {
    for (Stack stack : List.of(LARGE.base(), LARGE.bridge(), LARGE.made().stack("-Pipeline"))) {
      assertThat(stack.all("AWS::IAM::Role"))
          .allMatch(
              role ->
                  role.path("PermissionsBoundary")
                      .asText()
                      .equals("arn:aws:iam::123456789012:policy/boundary"));
    }
    JsonNode manifest = Variant.read(LARGE.made().folder().resolve("manifest.json"));
    for (String ending : List.of("", "-Base", "-Images", "-Pipeline")) {
      assertThat(manifest.at("/artifacts/Bridge2" + ending + "/properties/tags").toString())
          .isEqualTo(
              "{\"application\":\"messagebusbridge\",\"cost-centre\":\"42\","
                  + "\"owner\":\"payments\",\"stack\":\"Bridge2\"}");
    }
  }

  /** Each has names of its own for all that is named. */
  @Test
  void twoStacksFitIntoOneAccountAndRegion() {
    Set<String> names = new TreeSet<>();
    for (Variant variant : List.of(STANDARD, LARGE)) {
      for (String ending : List.of("-Images", "-Base", "")) {
        variant
            .made()
            .stack(ending)
            .template()
            .get("Resources")
            .forEach(
                resource -> {
                  String type = resource.get("Type").asText();
                  for (String name :
                      List.of(
                          "Name",
                          "RoleName",
                          "ClusterName",
                          "Family",
                          "LogGroupName",
                          "DashboardName",
                          "RepositoryName",
                          "BrokerName")) {
                    JsonNode value = resource.path("Properties").path(name);
                    // A filter names the group that it reads.
                    if (!value.isMissingNode()
                        && !type.startsWith("AWS::EC2::")
                        && !type.equals("AWS::Logs::MetricFilter")) {
                      assertThat(names.add(type + " " + Stack.text(value)))
                          .as(type + name)
                          .isTrue();
                    }
                  }
                });
      }
    }
    assertThat(names).hasSizeGreaterThan(50);
  }
}
