package org.messagebusbridge.infra;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.messagebusbridge.infra.Options.Account;
import org.messagebusbridge.infra.Options.BrokerChoice;
import org.messagebusbridge.infra.Options.ExistingVpc;
import org.messagebusbridge.infra.Options.Fleet;
import org.messagebusbridge.infra.Options.Images;
import org.messagebusbridge.infra.Options.NetworkChoice;
import org.messagebusbridge.infra.Options.Peer;
import org.messagebusbridge.infra.Options.Pipeline;
import org.messagebusbridge.infra.Options.Queues;
import org.messagebusbridge.infra.Options.Repository;
import org.messagebusbridge.infra.Options.Runner;
import org.messagebusbridge.infra.Options.Service;
import org.messagebusbridge.infra.Options.Stub;
import org.messagebusbridge.infra.Options.Watch;

/**
 * Makes {@link Options} of the CDK's context and an environment's file, and says all that is wrong
 * with them at once.
 */
final class OptionsReader {
  static final String SECRET_ARN =
      "arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}";
  static final String SECRET_FORM =
      "a secret's whole ARN, such as"
          + " arn:aws:secretsmanager:us-east-1:123456789012:secret:name-AbCdEf";
  static final String HOST = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]+)*";

  private static final String CIDR =
      "((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$|/)|(?=/))){4}/([12]?\\d|3[0-2])";
  private static final Pattern URL =
      Pattern.compile("(?<scheme>wss?)://" + HOST + "(:(?<port>\\d{1,5}))?");
  private static final Pattern REPOSITORY =
      Pattern.compile("([A-Za-z0-9_.-]+)(?:@(\\d+))?/([A-Za-z0-9._-]+)(?:@(\\d+))?");
  private static final String IMAGE =
      "\\d{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/[a-z0-9][a-z0-9/._-]*"
          + "(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})";
  private static final String IMAGE_FORM =
      "the whole URI of an image in ECR, as the output Image has it";

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
  private final boolean dev;

  private OptionsReader(ContextValues values) {
    this.values = values;
    dev = values.oneOf("profile", "production", "production", "dev").equals("dev");
  }

  /**
   * Reads them.
   *
   * @param context all of it; what the CDK itself keeps there is left alone
   * @param environments the folder of the environments' files
   * @throws OptionsException with a sentence for each mistake
   */
  static Options read(Map<String, Object> context, Path environments) throws OptionsException {
    Optional<String> environment =
        Optional.ofNullable(context.get("env")).map(String::valueOf).filter(env -> !env.isBlank());
    ContextValues values =
        new ContextValues(context, EnvironmentFile.read(environments, environment));
    values.text("env");
    Options options = new OptionsReader(values).read();
    values.end();
    return options;
  }

  private Options read() {
    Runner runner =
        values.oneOf("runner", "fargate", "fargate", "ec2").equals("ec2")
            ? Runner.EC2
            : Runner.FARGATE;
    String stack =
        values
            .matching(
                "stack",
                "[A-Za-z][A-Za-z0-9-]{0,29}",
                "a name of at most 30 letters, digits and dashes")
            .orElse("MessageBusBridge");
    boolean isProtected = values.flag("protect", !dev);
    NetworkChoice network = network();
    Peer peer = peer();
    Queues queues = queues();
    Fleet fleet = fleet(runner, isProtected);
    BrokerChoice broker = new BrokerOptions(values, network, fleet).read();
    return new Options(
        stack,
        isProtected,
        values.flag("insights", !dev),
        runner,
        network,
        broker,
        peer,
        typed(queues, broker),
        fleet,
        images(),
        watch(stack),
        account(),
        pipeline());
  }

  private NetworkChoice network() {
    Optional<String> vpc = values.matching("vpc", "vpc-[0-9a-f]{8,17}", "a VPC's id, vpc-...");
    List<String> subnets =
        values.list("subnets", "subnet-[0-9a-f]{8,17}", "the id of a private subnet, subnet-...");
    List<String> routeTables =
        values.list("routeTables", "rtb-[0-9a-f]{8,17}", "a route table's id, rtb-...");
    String cidr =
        values
            .matching("cidr", CIDR, "a block of addresses such as 10.0.0.0/16")
            .orElse("10.0.0.0/16");
    boolean inPublic = dev && vpc.isEmpty();
    int gateways = values.number("natGateways", inPublic ? 0 : 1, 0, 2);
    boolean endpoints = values.flag("endpoints", false);
    List<String> egress =
        values.list("egress", CIDR, "a block of addresses such as 203.0.113.0/24");
    if (vpc.isPresent() == subnets.isEmpty() || subnets.size() == 1) {
      values.problem(
          "-c vpc and -c subnets go together, with two subnets or more; give both, or neither.");
    }
    if (vpc.isPresent() && endpoints && routeTables.isEmpty()) {
      values.problem(
          "-c vpc with -c endpoints=true needs -c routeTables=rtb-...,rtb-..., those of its"
              + " subnets: images come from S3, by a gateway endpoint that is put into them.");
    }
    if (!routeTables.isEmpty() && (vpc.isEmpty() || !endpoints)) {
      values.problem("-c routeTables is for -c vpc with -c endpoints=true.");
    }
    if (gateways == 0 && vpc.isEmpty() && !endpoints && !inPublic) {
      values.problem(
          "-c natGateways=0 leaves the bridge no way to AWS's services; add -c endpoints=true.");
    }
    return new NetworkChoice(
        vpc.map(id -> new ExistingVpc(id, subnets, routeTables)),
        cidr,
        gateways,
        inPublic && gateways == 0,
        endpoints,
        egress.isEmpty() ? List.of("0.0.0.0/0") : egress);
  }

  /**
   * No service is a choice that is stated twice, never what is left when somebody forgets one: the
   * templates are made without an account, so nothing tells whether a bridge has a service now.
   */
  private Peer peer() {
    Optional<String> host = values.text("wsHost");
    Optional<String> uri = values.matching("wsUri", "/\\S*", "a path that begins with a slash");
    Optional<String> secret = values.matching("wsSecret", SECRET_ARN, SECRET_FORM);
    boolean stub = values.flag("stub", false);
    if (host.isEmpty()) {
      values.problem(
          "there is no wsHost; give the WebSocket service's, wss://..., or wsHost=none with"
              + " stub=true for a bridge that sends every message back to MQ.");
      return new Stub();
    }
    if (host.get().equals("none")) {
      if (uri.isPresent() || secret.isPresent()) {
        values.problem("-c wsUri and wsSecret need -c wsHost=wss://...");
      }
      if (!stub) {
        values.problem(
            values.named("wsHost")
                + "=none would make a bridge that sends every message back to MQ, also of one that"
                + " has a service now; if that is meant, add stub=true.");
      }
      return new Stub();
    }
    Matcher url = URL.matcher(host.get());
    int port =
        !url.matches()
            ? 0
            : url.group("port") != null
                ? Integer.parseInt(url.group("port"))
                : url.group("scheme").equals("wss") ? 443 : 80;
    if (port < 1 || port > 65_535) {
      values.wrong("wsHost", host.get(), "a URL such as wss://api.example.com, or none");
    }
    if (stub) {
      values.problem(values.named("stub") + "=true is for wsHost=none.");
    }
    return new Service(host.get(), port, uri.orElse("/"), secret);
  }

  private Queues queues() {
    String form = "a queue's name of 1 to 120 letters, digits, dots, dashes and underscores";
    Queues queues =
        new Queues(
            values.matching("queueToWs", "[A-Za-z0-9._-]{1,120}", form).orElse("to_ws"),
            values.matching("queueFromWs", "[A-Za-z0-9._-]{1,120}", form).orElse("from_ws"),
            values
                .text("queueType")
                .map(type -> values.oneOf("queueType", "quorum", "quorum", "classic")),
            values.number("maxMessageBytes", 16_777_216, 1_024, AmazonMq.MOST_MESSAGE_BYTES));
    if (queues.toWs().equals(queues.fromWs())) {
      values.problem("-c queueToWs and -c queueFromWs are the same; they have to be two queues.");
    }
    return queues;
  }

  /** Stated for a broker of the stack's own; another's queues are left to who owns it. */
  private static Queues typed(Queues queues, BrokerChoice broker) {
    return broker instanceof Options.OwnBroker own && queues.type().isEmpty()
        ? new Queues(
            queues.toWs(),
            queues.fromWs(),
            Optional.of(own.engine().queueType()),
            queues.maxMessageBytes())
        : queues;
  }

  private Fleet fleet(Runner runner, boolean isProtected) {
    boolean standby = values.oneOf("ha", "parallel", "parallel", "standby").equals("standby");
    int least = values.number("least", standby ? 2 : 1, 1, 20);
    int most = values.number("most", standby || dev ? least : Math.max(4, least), 1, 100);
    if (most < least) {
      values.problem("-c most=" + most + " is less than -c least=" + least + ".");
      most = least;
    }
    if (standby && most != least) {
      values.problem("-c ha=standby does not scale; leave -c most out.");
    }
    boolean spot = values.flag("spot", false);
    if (spot && (standby || runner == Runner.EC2)) {
      values.problem("-c spot=true is for -c runner=fargate with -c ha=parallel.");
    }
    int cpu = Integer.parseInt(values.oneOf("cpu", "256", "256", "512", "1024", "2048"));
    List<Integer> range = MEMORY.getOrDefault(cpu, List.of(512, 512, 512));
    int memory = values.number("memory", range.get(0), 512, 16384);
    if (memory < range.get(0) || memory > range.get(1) || memory % range.get(2) != 0) {
      values.problem(
          "-c memory=%d does not go with -c cpu=%d on Fargate; take %d to %d in steps of %d."
              .formatted(memory, cpu, range.get(0), range.get(1), range.get(2)));
    }
    Optional<String> instance =
        values.matching(
            "instance",
            "(t4g|m[678]g|c[678]g)[a-z]*\\.[a-z0-9]+",
            "an arm64 instance type, such as t4g.small");
    Optional<String> ami =
        values.matching("ami", "ami-[0-9a-f]{8,17}", "an image's id at EC2, ami-...");
    if (runner == Runner.FARGATE && (instance.isPresent() || ami.isPresent())) {
      values.problem("-c instance and ami are for -c runner=ec2.");
    }
    if (runner == Runner.EC2 && ami.isEmpty() && isProtected) {
      values.problem(
          "-c runner=ec2 needs -c ami=ami-..., or any deployment could replace the fleet by way of"
              + " Amazon's latest; docs/deploy.md says how to look up the newest.");
    }
    // Fargate waits for 120 seconds at most, of which 20 are for closing and flushing.
    int drain = values.number("drainSecs", 10, 0, 100);
    return new Fleet(
        standby,
        least,
        most,
        spot,
        cpu,
        memory,
        instance.orElse("t4g.small"),
        ami,
        drain,
        values.flag("gate", true));
  }

  private Images images() {
    Images images =
        new Images(
            values.matching("image", IMAGE, IMAGE_FORM),
            values.matching("testerImage", IMAGE, IMAGE_FORM),
            values.matching("tag", "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", "an image's tag"),
            values.text("images").orElse("target/images"),
            values.matching(
                "adot",
                "\\S+(:[A-Za-z0-9_.-]+|@sha256:[0-9a-f]{64})",
                "a collector's image and its tag, such as"
                    + " public.ecr.aws/aws-observability/aws-otel-collector:v0.43.0"));
    for (String name : List.of("bridge", "tester")) {
      boolean named = (name.equals("bridge") ? images.bridge() : images.tester()).isPresent();
      Path tarball = Image.tarball(images, name);
      if (!named && images.tag().isEmpty() && !Files.isRegularFile(tarball)) {
        values.problem(
            "there is no %s; make it with ./mbb images, or name an image that is there with -c tag=TAG"
                    .formatted(tarball)
                + " or -c %s=URI.".formatted(name.equals("bridge") ? "image" : "testerImage"));
      }
    }
    return images;
  }

  private Watch watch(String stack) {
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
            .orElse(stack),
        values
            .matching("runbooks", "https://\\S+[^/\\s]", "an https URL without a slash at its end")
            .orElse("docs/runbooks"),
        values.number("canaryMinutes", dev ? 0 : 60, 0, 720));
  }

  private Account account() {
    Map<String, String> tags = new TreeMap<>();
    for (String tag : values.list("tags", "[^=,]{1,128}=[^=,]{0,256}", "a tag, name=value")) {
      tags.put(tag.substring(0, tag.indexOf('=')), tag.substring(tag.indexOf('=') + 1));
    }
    return new Account(
        values.list(
            "kmsKey",
            "arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]+",
            "a key's ARN, such as arn:aws:kms:us-east-1:123456789012:key/..."),
        values
            .matching(
                "qualifier", "[a-z0-9]{1,10}", "the qualifier of a bootstrap: 1 to 10 letters")
            .orElse("hnb659fds"),
        values.matching(
            "permissionsBoundary",
            "arn:aws[a-z-]*:iam::(\\d{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+",
            "a policy's ARN, such as arn:aws:iam::123456789012:policy/boundary"),
        tags);
  }

  private Optional<Pipeline> pipeline() {
    String form = "owner/name at GitHub, or owner@ID/name@ID";
    Optional<String> given = values.matching("github", REPOSITORY.pattern(), form);
    Optional<String> provider =
        values.matching(
            "githubProvider",
            "arn:aws[a-z-]*:iam::\\d{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com",
            "the ARN of GitHub's OIDC provider in this account");
    String environment =
        values
            .matching(
                "githubEnvironment", "[A-Za-z0-9_-]{1,100}", "an environment's name at GitHub")
            .orElse("production");
    return given.flatMap(
        text -> {
          Matcher parts = REPOSITORY.matcher(text);
          if (!parts.matches()) {
            return Optional.empty();
          }
          Optional<String> ownerId = Optional.ofNullable(parts.group(2));
          Optional<String> id = Optional.ofNullable(parts.group(4));
          if (ownerId.isPresent() != id.isPresent()) {
            values.wrong("github", text, form);
          }
          return Optional.of(
              new Pipeline(
                  new Repository(parts.group(1), parts.group(3), ownerId, id),
                  environment,
                  provider));
        });
  }
}
