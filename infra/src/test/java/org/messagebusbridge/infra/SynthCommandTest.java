package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.sandbox.junit.Needs;

/** {@code npx cdk}, as people type it. */
class SynthCommandTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  @BeforeEach
  void theCommandLineIsInstalled() {
    Needs.file(
        ROOT.resolve("target/cdk/installed"),
        "the CDK's command line",
        "tools/cdk/cdk.js --install");
  }

  @Test
  void makesTheTemplatesThatTheTestsLookAt() throws IOException, InterruptedException {
    Result result =
        cdk("synth", "--quiet", "-c", "env=dev", "-c", "tag=1a2b3c", "-c", "runner=ec2");

    assertThat(result.exitCode).as(result.output).isZero();
    assertThat(folder.resolve("BridgeDev-Images.template.json")).exists();
    assertThat(new Stack(Variant.read(folder.resolve("BridgeDev.template.json"))).count())
        .containsEntry("AWS::AutoScaling::AutoScalingGroup", 1L)
        .doesNotContainKey("AWS::ECS::Service");
  }

  @Test
  void aMistakeIsASentenceWithoutAStackTrace() throws IOException, InterruptedException {
    Result result =
        cdk("synth", "--quiet", "-c", "env=dev", "-c", "tag=1a2b3c", "-c", "runner=lambda");

    assertThat(result.exitCode).isEqualTo(1);
    assertThat(result.output)
        .contains("error: -c runner=lambda is not fargate or ec2.\n")
        .doesNotContain("\tat ", "Exception");
  }

  /** What a variable of a workflow that is empty leaves of the command line. */
  @Test
  void withoutAServiceNothingIsMade() throws IOException, InterruptedException {
    Result result = cdk("synth", "--quiet", "-c", "tag=1a2b3c");

    assertThat(result.exitCode).isEqualTo(1);
    assertThat(result.output).contains("error: there is no wsHost; ");
    assertThat(folder.resolve("manifest.json")).doesNotExist();
  }

  private record Result(int exitCode, String output) {}

  private Result cdk(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("npx", "--offline", "cdk"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--output", folder.toString(), "--no-notices"));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true);
    builder.environment().put("MBB_NO_BUILD", "1");
    builder.environment().put("CDK_DISABLE_CLI_TELEMETRY", "true");
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      return new Result(process.exitValue(), output);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
