package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.messagebusbridge.sandbox.aws.AwsCaller;
import org.messagebusbridge.sandbox.aws.AwsEndpoint;
import org.messagebusbridge.sandbox.junit.Needs;

/** {@code npx cdk}, as people type it, against an emulator. */
final class Deployment {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String ACCOUNT = "000000000000";
  private static final Pattern RESOURCE =
      Pattern.compile(
          "<LogicalResourceId>([^<]*)</LogicalResourceId><PhysicalResourceId>([^<]*)"
              + "</PhysicalResourceId><ResourceType>[^<]*</ResourceType><ResourceStatus>([^<]*)<");

  private final Path home;
  private final URI emulator;
  private final AwsEndpoint aws;

  /**
   * @param home where the CDK keeps what it remembers, apart from the user's own
   * @param emulator what is deployed to
   * @param aws before that emulator; for its region and credentials, and to look what there is
   */
  Deployment(Path home, URI emulator, AwsEndpoint aws) {
    this.home = home;
    this.emulator = emulator;
    this.aws = aws;
  }

  /** Skips the test where it is not installed. */
  static void isNeeded() {
    Needs.file(
        ROOT.resolve("target/cdk/installed"),
        "the CDK's command line",
        "tools/cdk/cdk.js --install");
  }

  /**
   * Bootstraps the account, and deploys all stacks of a folder that {@code cdk synth} made.
   *
   * @return what was printed
   */
  String deploy(Path app) throws IOException, InterruptedException {
    String name = app.toString();
    String environment = "aws://%s/%s".formatted(ACCOUNT, aws.region());
    return cdk("bootstrap", environment, "--app", name)
        + cdk("deploy", "--all", "--app", name, "--require-approval", "never");
  }

  private String cdk(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("npx", "--offline", "cdk"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--no-notices", "--no-color"));
    Path log = Files.createTempFile(home, "cdk", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.startsWith("AWS_") || key.startsWith("CDK_"));
    environment.putAll(aws.environment());
    environment.put("AWS_ENDPOINT_URL", emulator.toString());
    environment.put("AWS_ENDPOINT_URL_S3", emulator.toString());
    environment.put("CDK_HOME", home.toString());
    environment.put("CDK_DISABLE_CLI_TELEMETRY", "true");
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      String output = Files.readString(log, UTF_8);
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** What CloudFormation says that it made: physical ids by logical ids. */
  Map<String, String> resources(String stack) {
    AwsCaller caller = aws.direct();
    String answer =
        caller.query(
            "cloudformation:DescribeStackResources", "2010-05-15", Map.of("StackName", stack));
    Map<String, String> resources = new TreeMap<>();
    Matcher resource = RESOURCE.matcher(answer);
    while (resource.find()) {
      assertThat(resource.group(3)).as(resource.group(1)).isEqualTo("CREATE_COMPLETE");
      resources.put(resource.group(1), resource.group(2));
    }
    return resources;
  }
}
