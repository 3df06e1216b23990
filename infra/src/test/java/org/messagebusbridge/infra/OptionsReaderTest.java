package org.messagebusbridge.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.infra.Options.ExistingBroker;
import org.messagebusbridge.infra.Options.ExistingVpc;
import org.messagebusbridge.infra.Options.Fleet;
import org.messagebusbridge.infra.Options.Images;
import org.messagebusbridge.infra.Options.NetworkChoice;
import org.messagebusbridge.infra.Options.OwnBroker;
import org.messagebusbridge.infra.Options.Pipeline;
import org.messagebusbridge.infra.Options.Queues;
import org.messagebusbridge.infra.Options.Runner;
import org.messagebusbridge.infra.Options.Service;
import org.messagebusbridge.infra.Options.Stub;
import org.messagebusbridge.infra.Options.Watch;

class OptionsReaderTest {

  private static final String SECRET =
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-AbCdEf";

  @Test
  void allDefaults() throws OptionsException {
    assertThat(read(Map.of()))
        .isEqualTo(
            new Options(
                "MessageBusBridge",
                true,
                Runner.FARGATE,
                new NetworkChoice(Optional.empty(), 1, false),
                new OwnBroker(false, "4.2", "mq.m7g.medium"),
                new Stub(),
                new Queues("to_ws", "from_ws"),
                new Fleet(false, 1, 4, 256, 512, "t4g.small", 10),
                new Images(Optional.empty(), "target/images", "1.2.3"),
                new Watch(Optional.empty(), 30, "MessageBusBridge", "docs/runbooks"),
                Optional.empty()));
  }

  @Test
  void everyOptionAtAnotherValue() throws OptionsException {
    Map<String, Object> context =
        Map.ofEntries(
            Map.entry("stack", "Bridge2"),
            Map.entry("protect", false),
            Map.entry("runner", "EC2"),
            Map.entry("vpc", "vpc-0123456789abcdef0"),
            Map.entry("subnets", "subnet-01234567,subnet-12345678"),
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
            Map.entry("ha", "parallel"),
            Map.entry("least", "3"),
            Map.entry("most", "7"),
            Map.entry("cpu", "512"),
            Map.entry("memory", "2048"),
            Map.entry("instance", "m8g.medium"),
            Map.entry("drainSecs", "100"),
            Map.entry("tag", "abc"),
            Map.entry("images", "elsewhere"),
            Map.entry("email", "a@example.com"),
            Map.entry("logDays", "90"),
            Map.entry("namespace", "Bank/Bridge"),
            Map.entry("runbooks", "https://example.com/books"),
            Map.entry("github", "bank/bridge"));

    assertThat(read(context))
        .isEqualTo(
            new Options(
                "Bridge2",
                false,
                Runner.EC2,
                new NetworkChoice(
                    Optional.of(
                        new ExistingVpc(
                            "vpc-0123456789abcdef0",
                            List.of("subnet-01234567", "subnet-12345678"))),
                    2,
                    true),
                new ExistingBroker("mq.example.com", 5672, SECRET, Optional.of("sg-01234567")),
                new Service("wss://api.example.com:8443", "/v1", Optional.of(SECRET)),
                new Queues("out", "in"),
                new Fleet(false, 3, 7, 512, 2048, "m8g.medium", 100),
                new Images(Optional.of("abc"), "elsewhere", "1.2.3"),
                new Watch(
                    Optional.of("a@example.com"), 90, "Bank/Bridge", "https://example.com/books"),
                Optional.of(new Pipeline("bank/bridge", Optional.empty()))));
  }

  @Test
  void standbyHasTwoInstancesAndDoesNotScale() throws OptionsException {
    assertThat(read(Map.of("ha", "standby")).fleet())
        .isEqualTo(new Fleet(true, 2, 2, 256, 512, "t4g.small", 10));
  }

  @Test
  void aClusterIsOfASizeForProduction() throws OptionsException {
    assertThat(read(Map.of("broker", "cluster")).broker())
        .isEqualTo(new OwnBroker(true, "4.2", "mq.m7g.large"));
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
          stack=9x | -c stack=9x is not a name of at most 50 letters, digits and dashes.
          stack=A234567890b234567890c234567890d234567890e2345678901 | -c stack=A234567890b234567890c234567890d234567890e2345678901 is not a name of at most 50 letters, digits and dashes.
          natGateways=3 | -c natGateways=3 is not a whole number from 0 to 2.
          natGateways=0 | -c natGateways=0 leaves the bridge no way to AWS's services; add -c endpoints=true.
          vpc=vpc-01234567 | -c vpc and -c subnets go together; give both, or neither.
          endpoints=yes | -c endpoints=yes is not true or false.
          broker=kafka | -c broker=kafka is not one of single, cluster, existing.
          broker=existing | -c broker=existing needs -c brokerHost=... and -c brokerSecret=ARN.
          brokerHost=mq.example.com | -c brokerHost, brokerSecret and brokerSecurityGroup are for -c broker=existing.
          brokerInstance=mq.m5.large | -c brokerInstance=mq.m5.large does not run RabbitMQ 4.2; take an mq.m7g type.
          brokerInstance=mq.t3.micro | -c brokerInstance=mq.t3.micro is not an instance type of Amazon MQ for RabbitMQ, such as mq.m7g.large.
          wsUri=/x | -c wsUri and wsSecret need -c wsHost=wss://...
          wsHost=api.example.com | -c wsHost=api.example.com is not a URL such as wss://api.example.com.
          queueToWs=from_ws | -c queueToWs and -c queueFromWs are the same; they have to be two queues.
          least=5,most=4 | -c most=4 is less than -c least=5.
          ha=standby,most=4 | -c ha=standby does not scale; leave -c most out.
          memory=4096 | -c memory=4096 does not go with -c cpu=256 on Fargate; take 512 to 2048 in steps of 512.
          instance=t4g.micro | -c instance is for -c runner=ec2.
          drainSecs=101 | -c drainSecs=101 is not a whole number from 0 to 100.
          namespace=AWS/x | -c namespace=AWS/x is not a namespace of letters, digits and . _ / # -, and does not begin with AWS/.
          email=me | -c email=me is not an e-mail address.
          github=bridge | -c github=bridge is not owner/name at GitHub.
          """)
  void aMistakeIsOneSentence(String options, String sentence) {
    Map<String, Object> context = new TreeMap<>();
    for (String option : options.split(",", -1)) {
      context.put(
          option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
    }

    OptionsException e = catchThrowableOfType(OptionsException.class, () -> read(context));

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
        .startsWith("there is no option -c runer; there are runner, stack, ");
  }

  private static Options read(Map<String, Object> context) throws OptionsException {
    return OptionsReader.read(context, "1.2.3");
  }
}
