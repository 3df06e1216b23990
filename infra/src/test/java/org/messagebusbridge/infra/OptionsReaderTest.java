package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.infra.AmazonMq.Limits;
import org.messagebusbridge.infra.Options.Account;
import org.messagebusbridge.infra.Options.ExistingBroker;
import org.messagebusbridge.infra.Options.ExistingVpc;
import org.messagebusbridge.infra.Options.Fleet;
import org.messagebusbridge.infra.Options.Images;
import org.messagebusbridge.infra.Options.NetworkChoice;
import org.messagebusbridge.infra.Options.OwnBroker;
import org.messagebusbridge.infra.Options.Pipeline;
import org.messagebusbridge.infra.Options.Queues;
import org.messagebusbridge.infra.Options.Repository;
import org.messagebusbridge.infra.Options.Runner;
import org.messagebusbridge.infra.Options.Service;
import org.messagebusbridge.infra.Options.Watch;

class OptionsReaderTest {

  private static final Path ENVIRONMENTS = Path.of("../environments");
  private static final String SECRET =
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-AbCdEf";

  private static final OwnBroker BROKER =
      new OwnBroker(false, engine("4.2"), type("mq.m7g.medium"), new Limits(44, 108), true, 30);
  private static final Fleet FLEET =
      new Fleet(false, 1, 4, false, 256, 512, "t4g.small", Optional.empty(), 10, true);
  private static final NetworkChoice NETWORK =
      new NetworkChoice(Optional.empty(), "10.0.0.0/16", 1, false, false, List.of("0.0.0.0/0"));

  @TempDir Path folder;

  private static AmazonMq.Engine engine(String version) {
    return AmazonMq.engine(version);
  }

  private static AmazonMq.InstanceType type(String name) {
    return AmazonMq.type(name).orElseThrow();
  }

  @Test
  void allDefaults() throws OptionsException {
    assertThat(read(Map.of()))
        .isEqualTo(
            new Options(
                "MessageBusBridge",
                true,
                true,
                Runner.FARGATE,
                NETWORK,
                BROKER,
                new Service("wss://api.example.com", 443, "/", Optional.empty()),
                new Queues("to_ws", "from_ws", Optional.of("quorum"), 16_777_216),
                FLEET,
                new Images(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("1a2b"),
                    "target/images",
                    Optional.empty()),
                new Watch(Optional.empty(), 30, "MessageBusBridge", "docs/runbooks", 60),
                new Account(List.of(), "hnb659fds", Optional.empty(), Map.of()),
                Optional.empty()));
  }

  @Test
  void everyOptionAtAnotherValue() throws OptionsException {
    Map<String, Object> context =
        Map.ofEntries(
            Map.entry("stack", "Bridge2"),
            Map.entry("protect", false),
            Map.entry("insights", false),
            Map.entry("runner", "EC2"),
            Map.entry("vpc", "vpc-0123456789abcdef0"),
            Map.entry("subnets", "subnet-01234567,subnet-12345678"),
            Map.entry("routeTables", "rtb-01234567"),
            Map.entry("cidr", "10.9.0.0/20"),
            Map.entry("egress", "203.0.113.0/24,198.51.100.7/32"),
            Map.entry("natGateways", 2),
            Map.entry("endpoints", "true"),
            Map.entry("broker", "existing"),
            Map.entry("brokerHost", "mq.example.com"),
            Map.entry("brokerPort", "5672"),
            Map.entry("brokerSecret", SECRET),
            Map.entry("brokerSecurityGroup", "sg-01234567"),
            Map.entry("wsHost", "wss://api.example.com:8443"),
            Map.entry("wsUri", "/v1"),
            Map.entry("wsSecret", SECRET),
            Map.entry("queueToWs", "out"),
            Map.entry("queueFromWs", "in"),
            Map.entry("queueType", "classic"),
            Map.entry("maxMessageBytes", "1024"),
            Map.entry("ha", "parallel"),
            Map.entry("least", "3"),
            Map.entry("most", "7"),
            Map.entry("cpu", "512"),
            Map.entry("memory", "2048"),
            Map.entry("instance", "m8g.medium"),
            Map.entry("ami", "ami-01234567"),
            Map.entry("drainSecs", "100"),
            Map.entry("gate", "false"),
            Map.entry("image", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/b/bridge:1"),
            Map.entry("testerImage", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/b/tester:1"),
            Map.entry("images", "elsewhere"),
            Map.entry("adot", "public.ecr.aws/otel:v1"),
            Map.entry("email", "a@example.com"),
            Map.entry("logDays", "90"),
            Map.entry("namespace", "Bank/Bridge"),
            Map.entry("runbooks", "https://example.com/books"),
            Map.entry("canaryMinutes", "5"),
            Map.entry("kmsKey", "arn:aws:kms:eu-west-1:123456789012:key/1-2"),
            Map.entry("qualifier", "bank"),
            Map.entry("permissionsBoundary", "arn:aws:iam::123456789012:policy/edge"),
            Map.entry("tags", "a=1,b=2"),
            Map.entry("githubEnvironment", "live"),
            Map.entry("github", "bank@1/bridge@2"));

    assertThat(read(context))
        .isEqualTo(
            new Options(
                "Bridge2",
                false,
                false,
                Runner.EC2,
                new NetworkChoice(
                    Optional.of(
                        new ExistingVpc(
                            "vpc-0123456789abcdef0",
                            List.of("subnet-01234567", "subnet-12345678"),
                            List.of("rtb-01234567"))),
                    "10.9.0.0/20",
                    2,
                    false,
                    true,
                    List.of("203.0.113.0/24", "198.51.100.7/32")),
                new ExistingBroker("mq.example.com", 5672, SECRET, Optional.of("sg-01234567")),
                new Service("wss://api.example.com:8443", 8443, "/v1", Optional.of(SECRET)),
                new Queues("out", "in", Optional.of("classic"), 1024),
                new Fleet(
                    false,
                    3,
                    7,
                    false,
                    512,
                    2048,
                    "m8g.medium",
                    Optional.of("ami-01234567"),
                    100,
                    false),
                new Images(
                    Optional.of("123456789012.dkr.ecr.eu-west-1.amazonaws.com/b/bridge:1"),
                    Optional.of("123456789012.dkr.ecr.eu-west-1.amazonaws.com/b/tester:1"),
                    Optional.of("1a2b"),
                    "elsewhere",
                    Optional.of("public.ecr.aws/otel:v1")),
                new Watch(
                    Optional.of("a@example.com"),
                    90,
                    "Bank/Bridge",
                    "https://example.com/books",
                    5),
                new Account(
                    List.of("arn:aws:kms:eu-west-1:123456789012:key/1-2"),
                    "bank",
                    Optional.of("arn:aws:iam::123456789012:policy/edge"),
                    Map.of("a", "1", "b", "2")),
                Optional.of(
                    new Pipeline(
                        new Repository("bank", "bridge", Optional.of("1"), Optional.of("2")),
                        "live",
                        Optional.empty()))));
  }

  @Test
  void standbyHasTwoInstancesAndDoesNotScale() throws OptionsException {
    assertThat(read(Map.of("ha", "standby")).fleet())
        .isEqualTo(new Fleet(true, 2, 2, false, 256, 512, "t4g.small", Optional.empty(), 10, true));
  }

  @Test
  void aClusterIsOfASizeForProduction() throws OptionsException {
    assertThat(read(Map.of("broker", "cluster")).broker())
        .isEqualTo(
            new OwnBroker(
                true, engine("4.2"), type("mq.m7g.large"), new Limits(44, 108), true, 30));
  }

  @Test
  void anEnvironmentForTrialsIsCheapAndKeepsNothing() throws OptionsException {
    Options options = read(Map.of("profile", "dev"));

    assertThat(options.isProtected()).isFalse();
    assertThat(options.insights()).isFalse();
    assertThat(options.network().inPublic()).isTrue();
    assertThat(options.network().natGateways()).isZero();
    assertThat(options.broker())
        .isEqualTo(
            new OwnBroker(
                false, engine("4.2"), type("mq.m7g.medium"), new Limits(26, 72), false, 0));
    assertThat(options.fleet().most()).isEqualTo(1);
    assertThat(options.watch().canaryMinutes()).isZero();
  }

  /**
   * "Default resource limits": a single mq.m7g.medium takes 100 connections and 500 channels, a
   * node of a cluster 100 and 300, and of mq.m7g.large 500 and 1,500. An instance has three
   * connections with six channels; one that stands by has a fourth.
   */
  @ParameterizedTest
  @CsvSource({
    "most=13, {}",
    "most=14, {connection_max=104}",
    "most=36, {connection_max=236}",
    "most=37, '{channel_max_per_node=504, connection_max=242}'",
    "most=46, '{channel_max_per_node=612, connection_max=296}'",
    "ha=standby;least=10, {}",
    "ha=standby;least=20, {connection_max=180}",
    "broker=cluster;most=80, {}",
    "broker=cluster;most=81, {connection_max=506}",
    "broker=cluster;brokerInstance=mq.m7g.medium;most=20, {connection_max=140}",
    "broker=cluster;brokerInstance=mq.m7g.medium;most=21,"
        + " '{channel_max_per_node=312, connection_max=146}'",
    "brokerInstance=mq.m7g.large;most=100, {}",
    "engine=3.13;most=40, {}"
  })
  void limitsOfTheInstanceTypeAreRaisedToWhatTheFleetNeeds(String options, String raised)
      throws OptionsException {
    assertThat(((OwnBroker) read(context(options)).broker()).raised()).hasToString(raised);
  }

  /** "Maximum resource limit": no configuration goes beyond, or the broker is not made. */
  @Test
  void noLimitIsRaisedBeyondWhatTheInstanceTypeTakes() {
    for (AmazonMq.InstanceType type : AmazonMq.TYPES) {
      assertThat(type.single().within(type.most())).as(type.name()).isTrue();
      assertThat(type.cluster().within(type.single())).as(type.name()).isTrue();
      for (int most = 1; most <= 100; most++) {
        Map<String, Object> context = context("most=" + most + ";brokerInstance=" + type.name());
        context.put("engine", type.name().startsWith("mq.m7g.") ? "4.3" : "3.13");
        try {
          Map<String, Integer> raised = ((OwnBroker) read(context).broker()).raised();
          assertThat(raised.getOrDefault("connection_max", 0))
              .isLessThanOrEqualTo(type.most().connections());
          assertThat(raised.getOrDefault("channel_max_per_node", 0))
              .isLessThanOrEqualTo(type.most().channels());
        } catch (OptionsException e) {
          assertThat(e.problems()).singleElement().asString().contains("take a larger");
        }
      }
    }
  }

  /** Names and values, parted by semicolons. */
  private static Map<String, Object> context(String options) {
    Map<String, Object> context = new TreeMap<>();
    for (String option : options.split(";", -1)) {
      context.put(
          option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
    }
    return context;
  }

  /** Each engine of Amazon MQ with each instance type that it lists for it, and no other. */
  @Test
  void enginesRunOnTheTypesThatAmazonMqLists() {
    Map<String, List<String>> found = new TreeMap<>();
    for (AmazonMq.Engine engine : AmazonMq.ENGINES) {
      for (AmazonMq.InstanceType type : AmazonMq.TYPES) {
        try {
          read(Map.of("engine", engine.version(), "brokerInstance", type.name()));
          found
              .computeIfAbsent(engine.version(), key -> new ArrayList<>())
              .add(type.name().replace("mq.", ""));
        } catch (OptionsException e) {
          assertThat(e.problems()).hasSize(1);
        }
      }
    }

    String graviton =
        "m7g.medium m7g.large m7g.xlarge m7g.2xlarge m7g.4xlarge m7g.8xlarge m7g.12xlarge"
            + " m7g.16xlarge";
    assertThat(found)
        .containsOnly(
            Map.entry("4.3", List.of(graviton.split(" ", -1))),
            Map.entry("4.2", List.of(graviton.split(" ", -1))),
            Map.entry(
                "3.13",
                List.of((graviton + " m5.large m5.xlarge m5.2xlarge m5.4xlarge").split(" ", -1))));
  }

  @Test
  void stoppingTakesLongerThanDrainingAndNeverLongerThanFargateWaits() throws OptionsException {
    assertThat(read(Map.of("drainSecs", "10")).fleet().stopSeconds()).isEqualTo(30);
    assertThat(read(Map.of("drainSecs", "100")).fleet().stopSeconds()).isEqualTo(120);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          runner=lambda | -c runner=lambda is not fargate or ec2.
          profile=test | -c profile=test is not production or dev.
          stack=9x | -c stack=9x is not a name of at most 30 letters, digits and dashes.
          stack=A234567890b234567890c2345678901 | -c stack=A234567890b234567890c2345678901 is not a name of at most 30 letters, digits and dashes.
          natGateways=3 | -c natGateways=3 is not a whole number from 0 to 2.
          natGateways=0 | -c natGateways=0 leaves the bridge no way to AWS's services; add -c endpoints=true.
          cidr=10.0.0.0 | -c cidr=10.0.0.0 is not a block of addresses such as 10.0.0.0/16.
          egress=0.0.0.0/33 | -c egress=0.0.0.0/33 is not a block of addresses such as 203.0.113.0/24.
          vpc=vpc-01234567 | -c vpc and -c subnets go together, with two subnets or more; give both, or neither.
          vpc=vpc-01234567;subnets=subnet-01234567 | -c vpc and -c subnets go together, with two subnets or more; give both, or neither.
          vpc=vpc-01234567;subnets=subnet-01234567,subnet-12345678;endpoints=true | -c vpc with -c endpoints=true needs -c routeTables=rtb-...,rtb-..., those of its subnets: images come from S3, by a gateway endpoint that is put into them.
          routeTables=rtb-01234567 | -c routeTables is for -c vpc with -c endpoints=true.
          endpoints=yes | -c endpoints=yes is not true or false.
          broker=kafka | -c broker=kafka is not one of single, cluster, existing.
          broker=existing | -c broker=existing needs -c brokerHost=... and -c brokerSecret=ARN.
          brokerHost=mq.example.com | -c brokerHost, brokerSecret and brokerSecurityGroup are for -c broker=existing.
          engine=4.0 | -c engine=4.0 is not one of 4.3, 4.2, 3.13.
          brokerInstance=mq.m5.large | -c brokerInstance=mq.m5.large does not run RabbitMQ 4.2; take one of mq.m7g.medium, mq.m7g.large, mq.m7g.xlarge, mq.m7g.2xlarge, mq.m7g.4xlarge, mq.m7g.8xlarge, mq.m7g.12xlarge, mq.m7g.16xlarge.
          brokerInstance=mq.t3.micro;engine=3.13 | -c brokerInstance=mq.t3.micro does not run RabbitMQ 3.13; take one of mq.m7g.medium, mq.m7g.large, mq.m7g.xlarge, mq.m7g.2xlarge, mq.m7g.4xlarge, mq.m7g.8xlarge, mq.m7g.12xlarge, mq.m7g.16xlarge, mq.m5.large, mq.m5.xlarge, mq.m5.2xlarge, mq.m5.4xlarge.
          most=47 | -c most=47 needs 302 connections to the broker with 624 channels, of which mq.m7g.medium takes 300 with 900; take a larger brokerInstance.
          brokerUser=own;profile=dev | -c brokerUser=own needs a way to AWS's services for what makes that user, which has no address of its own in public subnets; add -c endpoints=true.
          brokerUser=administrator;rotateDays=7 | -c rotateDays is for -c brokerUser=own.
          wsHost= | there is no wsHost; give the WebSocket service's, wss://..., or wsHost=none with stub=true for a bridge that sends every message back to MQ.
          wsHost=none | -c wsHost=none would make a bridge that sends every message back to MQ, also of one that has a service now; if that is meant, add stub=true.
          wsHost=none;stub=true;wsUri=/x | -c wsUri and wsSecret need -c wsHost=wss://...
          stub=true | -c stub=true is for wsHost=none.
          wsHost=api.example.com | -c wsHost=api.example.com is not a URL such as wss://api.example.com, or none.
          wsHost=wss://api.example.com:65536 | -c wsHost=wss://api.example.com:65536 is not a URL such as wss://api.example.com, or none.
          queueToWs=from_ws | -c queueToWs and -c queueFromWs are the same; they have to be two queues.
          queueType=stream | -c queueType=stream is not quorum or classic.
          maxMessageBytes=134217729 | -c maxMessageBytes=134217729 is not a whole number from 1024 to 134217728.
          least=5;most=4 | -c most=4 is less than -c least=5.
          ha=standby;most=4 | -c ha=standby does not scale; leave -c most out.
          ha=standby;spot=true | -c spot=true is for -c runner=fargate with -c ha=parallel.
          memory=4096 | -c memory=4096 does not go with -c cpu=256 on Fargate; take 512 to 2048 in steps of 512.
          instance=t4g.micro | -c instance and ami are for -c runner=ec2.
          runner=ec2 | -c runner=ec2 needs -c ami=ami-..., or any deployment could replace the fleet by way of Amazon's latest; docs/deploy.md says how to look up the newest.
          drainSecs=101 | -c drainSecs=101 is not a whole number from 0 to 100.
          image=bridge:1 | -c image=bridge:1 is not the whole URI of an image in ECR, as the output Image has it.
          kmsKey=alias/x | -c kmsKey=alias/x is not a key's ARN, such as arn:aws:kms:us-east-1:123456789012:key/....
          tags=x | -c tags=x is not a tag, name=value.
          qualifier=UPPER | -c qualifier=UPPER is not the qualifier of a bootstrap: 1 to 10 letters.
          namespace=AWS/x | -c namespace=AWS/x is not a namespace of letters, digits and . _ / # -, and does not begin with AWS/.
          email=me | -c email=me is not an e-mail address.
          github=bridge | -c github=bridge is not owner/name at GitHub, or owner@ID/name@ID.
          github=bank@1/bridge | -c github=bank@1/bridge is not owner/name at GitHub, or owner@ID/name@ID.
          """)
  void aMistakeIsOneSentence(String options, String sentence) {
    OptionsException e = catchThrowableOfType(OptionsException.class, () -> read(context(options)));

    assertThat(e.problems()).containsExactly(sentence);
  }

  @Test
  void allMistakesAreToldAtOnce() {
    OptionsException e =
        catchThrowableOfType(
            OptionsException.class, () -> read(Map.of("runner", "x", "logDays", "31")));

    assertThat(e.problems())
        .containsExactly(
            "-c runner=x is not fargate or ec2.",
            "-c logDays=31 is not one of [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545,"
                + " 731, 1827, 3653].");
  }

  @Test
  void aNameThatIsNoOptionIsAMistakeButWhatTheCdkKeepsThereIsNot() throws OptionsException {
    assertThat(read(Map.of("@aws-cdk/core:x", true, "aws:cdk:y", 1, "cli-telemetry", true)))
        .isEqualTo(read(Map.of()));

    OptionsException e =
        catchThrowableOfType(OptionsException.class, () -> read(Map.of("runer", "ec2")));

    assertThat(e.problems()).hasSize(1);
    assertThat(e.problems().get(0))
        .startsWith("there is no option -c runer; there are env, profile, runner, stack, ");
  }

  @Test
  void withoutImagesNothingIsMade() throws IOException {
    Map<String, Object> context = Map.of("wsHost", "wss://a", "images", folder.toString());

    OptionsException e =
        catchThrowableOfType(
            OptionsException.class, () -> OptionsReader.read(context, ENVIRONMENTS));

    assertThat(e.problems())
        .containsExactly(
            "there is no %s/bridge-arm64.tar; make it with ./mbb images, or name an image that is there with -c tag=TAG or -c image=URI."
                .formatted(folder),
            "there is no %s/tester-arm64.tar; make it with ./mbb images, or name an image that is there with -c tag=TAG or -c testerImage=URI."
                .formatted(folder));

    Files.createFile(folder.resolve("bridge-arm64.tar"));
    Files.createFile(folder.resolve("tester-arm64.tar"));
    assertThatCode(() -> OptionsReader.read(context, ENVIRONMENTS)).doesNotThrowAnyException();
  }

  private static Options read(Map<String, Object> context) throws OptionsException {
    Map<String, Object> all = new TreeMap<>(Map.of("tag", "1a2b"));
    all.put("wsHost", "wss://api.example.com");
    all.putAll(context);
    return OptionsReader.read(all, ENVIRONMENTS);
  }
}
