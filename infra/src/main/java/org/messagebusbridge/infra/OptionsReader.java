package org.messagebusbridge.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.infra.Options.BrokerChoice;
import org.messagebusbridge.infra.Options.ExistingBroker;
import org.messagebusbridge.infra.Options.ExistingVpc;
import org.messagebusbridge.infra.Options.Fleet;
import org.messagebusbridge.infra.Options.Images;
import org.messagebusbridge.infra.Options.NetworkChoice;
import org.messagebusbridge.infra.Options.OwnBroker;
import org.messagebusbridge.infra.Options.Peer;
import org.messagebusbridge.infra.Options.Pipeline;
import org.messagebusbridge.infra.Options.Queues;
import org.messagebusbridge.infra.Options.Runner;
import org.messagebusbridge.infra.Options.Service;
import org.messagebusbridge.infra.Options.Stub;
import org.messagebusbridge.infra.Options.Watch;

/** Makes {@link Options} of the CDK's context, and says all that is wrong with it at once. */
final class OptionsReader {
  private static final String SECRET_ARN =
      "arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}";
  private static final String SECRET_FORM =
      "a secret's whole ARN, such as"
          + " arn:aws:secretsmanager:us-east-1:123456789012:secret:name-AbCdEf";
  private static final String HOST = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]+)*";

  /** Memory that Fargate takes with each size of processor: least, most, step, in MiB. */
  private static final Map<Integer, List<Integer>> MEMORY =
      Map.of(
          256, List.of(512, 2048, 512),
          512, List.of(1024, 4096, 1024),
          1024, List.of(2048, 8192, 1024),
          2048, List.of(4096, 16384, 1024));

  private static final List<Integer> LOG_DAYS =
      List.of(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653);

  private final ContextValues values;

  private OptionsReader(ContextValues values) {
    this.values = values;
  }

  /**
   * @param context all of it; what the CDK itself keeps there is left alone
   * @param version of the product
   * @throws OptionsException with a sentence for each mistake
   */
  static Options read(Map<String, Object> context, String version) throws OptionsException {
    ContextValues values = new ContextValues(context);
    Options options = new OptionsReader(values).read(version);
    values.end();
    return options;
  }

  private Options read(String version) {
    Runner runner =
        values.oneOf("runner", "fargate", "fargate", "ec2").equals("ec2")
            ? Runner.EC2
            : Runner.FARGATE;
    return new Options(
        values
            .matching(
                "stack",
                "[A-Za-z][A-Za-z0-9-]{0,49}",
                "a name of at most 50 letters, digits and dashes")
            .orElse("MessageBusBridge"),
        values.flag("protect", true),
        runner,
        network(),
        broker(),
        peer(),
        queues(),
        fleet(runner),
        images(version),
        watch(),
        pipeline());
  }

  private NetworkChoice network() {
    Optional<String> vpc = values.matching("vpc", "vpc-[0-9a-f]{8,17}", "a VPC's id, vpc-...");
    Optional<String> subnets =
        values.matching(
            "subnets",
            "subnet-[0-9a-f]{8,17}(,subnet-[0-9a-f]{8,17})+",
            "the ids of two private subnets or more, subnet-...,subnet-...");
    int gateways = values.number("natGateways", 1, 0, 2);
    boolean endpoints = values.flag("endpoints", false);
    if (vpc.isPresent() != subnets.isPresent()) {
      values.problem("-c vpc and -c subnets go together; give both, or neither.");
    }
    if (gateways == 0 && vpc.isEmpty() && !endpoints) {
      values.problem(
          "-c natGateways=0 leaves the bridge no way to AWS's services; add -c endpoints=true.");
    }
    return new NetworkChoice(
        vpc.map(id -> new ExistingVpc(id, List.of(subnets.orElse("").split(",")))),
        gateways,
        endpoints);
  }

  private BrokerChoice broker() {
    String kind = values.oneOf("broker", "single", "single", "cluster", "existing");
    String engine = values.oneOf("engine", "4.2", "4.2", "3.13");
    String instance =
        values
            .matching(
                "brokerInstance",
                "mq\\.(m7g\\.(medium|large|[0-9]*xlarge)|m5\\.([0-9]*x)?large)",
                "an instance type of Amazon MQ for RabbitMQ, such as mq.m7g.large")
            .orElse(kind.equals("cluster") ? "mq.m7g.large" : "mq.m7g.medium");
    Optional<String> host = values.matching("brokerHost", HOST, "a host name");
    int port = values.number("brokerPort", 5671, 1, 65535);
    Optional<String> secret = values.matching("brokerSecret", SECRET_ARN, SECRET_FORM);
    Optional<String> group =
        values.matching(
            "brokerSecurityGroup", "sg-[0-9a-f]{8,17}", "a security group's id, sg-...");
    if (kind.equals("existing")) {
      if (host.isEmpty() || secret.isEmpty()) {
        values.problem("-c broker=existing needs -c brokerHost=... and -c brokerSecret=ARN.");
      }
      return new ExistingBroker(host.orElse(""), port, secret.orElse(""), group);
    }
    if (host.isPresent() || secret.isPresent() || group.isPresent()) {
      values.problem(
          "-c brokerHost, brokerSecret and brokerSecurityGroup are for -c broker=existing.");
    }
    if (engine.equals("4.2") && !instance.startsWith("mq.m7g.")) {
      values.problem(
          "-c brokerInstance=" + instance + " does not run RabbitMQ 4.2; take an mq.m7g type.");
    }
    return new OwnBroker(kind.equals("cluster"), engine, instance);
  }

  private Peer peer() {
    Optional<String> host =
        values.matching(
            "wsHost", "wss?://" + HOST + "(:\\d{1,5})?", "a URL such as wss://api.example.com");
    Optional<String> uri = values.matching("wsUri", "/\\S*", "a path that begins with a slash");
    Optional<String> secret = values.matching("wsSecret", SECRET_ARN, SECRET_FORM);
    if (host.isEmpty()) {
      if (uri.isPresent() || secret.isPresent()) {
        values.problem("-c wsUri and wsSecret need -c wsHost=wss://...");
      }
      return new Stub();
    }
    return new Service(host.get(), uri.orElse("/"), secret);
  }

  private Queues queues() {
    String form = "a queue's name of 1 to 120 letters, digits, dots, dashes and underscores";
    Queues queues =
        new Queues(
            values.matching("queueToWs", "[A-Za-z0-9._-]{1,120}", form).orElse("to_ws"),
            values.matching("queueFromWs", "[A-Za-z0-9._-]{1,120}", form).orElse("from_ws"));
    if (queues.toWs().equals(queues.fromWs())) {
      values.problem("-c queueToWs and -c queueFromWs are the same; they have to be two queues.");
    }
    return queues;
  }

  private Fleet fleet(Runner runner) {
    boolean standby = values.oneOf("ha", "parallel", "parallel", "standby").equals("standby");
    int least = values.number("least", standby ? 2 : 1, 1, 20);
    int most = values.number("most", standby ? least : Math.max(4, least), 1, 100);
    if (most < least) {
      values.problem("-c most=" + most + " is less than -c least=" + least + ".");
      most = least;
    }
    if (standby && most != least) {
      values.problem("-c ha=standby does not scale; leave -c most out.");
    }
    int cpu = Integer.parseInt(values.oneOf("cpu", "256", "256", "512", "1024", "2048"));
    List<Integer> range = MEMORY.getOrDefault(cpu, List.of(512, 512, 512));
    int memory = values.number("memory", range.get(0), 512, 16384);
    if (memory < range.get(0) || memory > range.get(1) || memory % range.get(2) != 0) {
      values.problem(
          "-c memory=%d does not go with -c cpu=%d on Fargate; take %d to %d in steps of %d."
              .formatted(memory, cpu, range.get(0), range.get(1), range.get(2)));
    }
    String instance =
        values
            .matching(
                "instance",
                "(t4g|m[678]g|c[678]g)[a-z]*\\.[a-z0-9]+",
                "an arm64 instance type, such as t4g.small")
            .orElse("t4g.small");
    if (runner == Runner.FARGATE && values.text("instance").isPresent()) {
      values.problem("-c instance is for -c runner=ec2.");
    }
    // Fargate waits for 120 seconds at most, of which 20 are for closing and flushing.
    int drain = values.number("drainSecs", 10, 0, 100);
    return new Fleet(standby, least, most, cpu, memory, instance, drain);
  }

  private Images images(String version) {
    return new Images(
        values.matching("tag", "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", "an image's tag"),
        values.text("images").orElse("target/images"),
        version);
  }

  private Watch watch() {
    int days = values.number("logDays", 30, 1, 3653);
    if (!LOG_DAYS.contains(days)) {
      values.wrong("logDays", Integer.toString(days), "one of " + LOG_DAYS);
    }
    return new Watch(
        values.matching("email", "[^@\\s]+@[^@\\s]+\\.[^@\\s]+", "an e-mail address"),
        days,
        values
            .matching(
                "namespace",
                "(?!(?i)AWS/)[0-9A-Za-z._/#-]{1,255}",
                "a namespace of letters, digits and . _ / # -, and does not begin with AWS/")
            .orElse("MessageBusBridge"),
        values
            .matching("runbooks", "https://\\S+[^/\\s]", "an https URL without a slash at its end")
            .orElse("docs/runbooks"));
  }

  private Optional<Pipeline> pipeline() {
    Optional<String> repository =
        values.matching("github", "[A-Za-z0-9._-]+/[A-Za-z0-9._-]+", "owner/name at GitHub");
    Optional<String> provider =
        values.matching(
            "githubProvider",
            "arn:aws[a-z-]*:iam::\\d{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com",
            "the ARN of GitHub's OIDC provider in this account");
    return repository.map(name -> new Pipeline(name, provider));
  }
}
