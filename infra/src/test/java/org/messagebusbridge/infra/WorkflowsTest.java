package org.messagebusbridge.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.sandbox.junit.Needs;

class WorkflowsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path WORKFLOWS = ROOT.resolve(".github/workflows");
  private static final Pattern USES = Pattern.compile("^\\s*(- )?uses:");
  private static final Pattern PINNED =
      Pattern.compile("^\\s*(- )?uses: [\\w.-]+(/[\\w.-]+)+@[0-9a-f]{40} # v\\d+(\\.\\d+){2}$");

  @Test
  void actionlintFindsNothingWrong() throws IOException, InterruptedException {
    Needs.file(
        ROOT.resolve("target/actionlint/installed"),
        "actionlint",
        "tools/actionlint/run --install");

    Process actionlint =
        new ProcessBuilder("tools/actionlint/run")
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .start();
    actionlint.getOutputStream().close();
    String output = new String(actionlint.getInputStream().readAllBytes(), UTF_8);

    assertThat(actionlint.waitFor()).as(output).isZero();
  }

  @Test
  void everyActionIsPinnedToACommitAndNamesItsVersion() throws IOException {
    List<String> uses;
    try (Stream<Path> files = Files.list(WORKFLOWS)) {
      uses =
          files
              .flatMap(file -> lines(file).stream())
              .filter(line -> USES.matcher(line).find())
              .toList();
    }

    assertThat(uses).isNotEmpty().allMatch(line -> PINNED.matcher(line).matches());
  }

  @Test
  void jobsMayReadTheSourcesAndNoMore() throws IOException {
    try (Stream<Path> files = Files.list(WORKFLOWS)) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(lines(file)).containsSequence("permissions:", "  contents: read", ""));
    }
  }

  @Test
  void noKeyOfAwsIsKeptAndEveryJobHasAnEnd() throws IOException {
    try (Stream<Path> files = Files.list(WORKFLOWS)) {
      assertThat(files)
          .allSatisfy(
              file -> {
                String text = Files.readString(file);
                assertThat(text).doesNotContainIgnoringCase("aws_secret", "access-key");
                assertThat(text).contains("\nconcurrency:\n");
                assertThat(lines(file).stream().filter(line -> line.matches(" {4}runs-on: .*")))
                    .hasSameSizeAs(
                        lines(file).stream()
                            .filter(line -> line.matches(" {4}timeout-minutes: \\d+"))
                            .toList());
              });
    }
  }

  @Test
  void whatTestsADeploymentIsWhatPeopleRunAndItsFailureBringsTheImagesBefore() {
    List<String> deploy = lines(WORKFLOWS.resolve("deploy.yml"));

    assertThat(deploy)
        .contains("        run: ./mbb smoke --stack \"$STACK\"")
        .anyMatch(line -> line.contains("if: failure() && steps.smoke.outcome == 'failure'"))
        .anyMatch(line -> line.contains("output Image)"))
        .anyMatch(line -> line.contains("output TesterImage)"))
        .anyMatch(line -> line.endsWith("-c image=\"$IMAGE\" -c testerImage=\"$TESTER_IMAGE\""));
  }

  /**
   * The stack's name alone is a variable that people set; every command has to be of that stack.
   */
  @Test
  void everyCommandOfTheCdkNamesItsEnvironmentAndItsStack() {
    List<String> deploys = cdk("deploy.yml");
    assertThat(deploys)
        .hasSize(3)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("-c env=\"$ENVIRONMENT\" -c stack=\"$STACK\"", "\"$STACK"));
    assertThat(cdk("diff.yml")).singleElement().asString().contains("-c env=\"$environment\"");
    assertThat(lines(WORKFLOWS.resolve("diff.yml")))
        .as("of each environment")
        .anyMatch(line -> line.contains("for file in environments/*.json; do"));
    for (String workflow : List.of("deploy.yml", "diff.yml")) {
      assertThat(lines(WORKFLOWS.resolve(workflow))).noneMatch(l -> l.contains("CDK_OPTIONS"));
    }
  }

  private static List<String> cdk(String workflow) {
    String text = String.join("\n", lines(WORKFLOWS.resolve(workflow))).replace("\\\n", " ");
    return text.lines().filter(line -> line.contains("npx cdk ")).toList();
  }

  @Test
  void whatIsReleasedIsWhatEveryBuildMakesAndTries() {
    assertThat(lines(ROOT.resolve(".ci/run")))
        .containsSubsequence(
            "step release tools/release/run target/dist",
            "step release-check tools/release/run --check target/dist/*.tar.gz");
    assertThat(lines(WORKFLOWS.resolve("release.yml")))
        .containsSubsequence(
            "        machine: [ubuntu-24.04, ubuntu-24.04-arm]",
            "        run: tools/release/run target/dist",
            "        run: tools/release/run --check target/dist/*.tar.gz",
            "    needs: archive")
        .anyMatch(line -> line.contains("sha256sum"))
        .anyMatch(line -> line.contains("attest-build-provenance"));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
