package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher of a release's archive, with a runtime that only says what it is asked. */
class ArchiveLauncherTest {
  private static final Path LAUNCHER = Path.of("..", "tools", "release", "mbb");

  @TempDir private Path temporary;
  private Path archive = Path.of("");

  private record Run(int exitCode, List<String> out, List<String> err, long pid) {}

  @BeforeEach
  void makeArchive() throws IOException {
    archive = Files.createDirectory(temporary.toRealPath().resolve("an archive"));
    Files.copy(LAUNCHER, archive.resolve("mbb"));
    Files.writeString(archive.resolve("VERSION"), "7.8.9\n");
    for (String part : List.of("bridge", "tester")) {
      Path lib = Files.createDirectories(archive.resolve("lib").resolve(part));
      Files.createFile(lib.resolve("b.jar"));
      Files.createFile(lib.resolve("a.jar"));
    }
    Files.writeString(archive.resolve("lib/completion"), "complete mbb\n");
    Files.createDirectories(archive.resolve("runtime/bin"));
    Path java =
        Files.writeString(
            archive.resolve("runtime/bin/java"),
            """
            #!/bin/sh
            echo "pid $$"
            echo "locale $LC_ALL"
            for argument in "$@"; do
              case $argument in
                @/dev/fd/*) sed 's/^/further /' "${argument#@}" ;;
                *) echo "$argument" ;;
              esac
            done
            """);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Run mbb(String... arguments) throws IOException, InterruptedException {
    return start(archive.resolve("mbb"), Map.of(), arguments);
  }

  private Run start(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("MBB_.*|LANG|LC_.*|JAVA_HOME"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), out.lines().toList(), err.lines().toList(), process.pid());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void helpNamesEveryCommand(String asked) throws Exception {
    Run run = mbb(asked);

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().stream().filter(line -> line.matches("  [a-z]+ +\\S.*")))
        .map(line -> line.strip().split(" ", 2)[0])
        .containsExactly("bridge", "tester", "config", "completion", "mbb");
    assertThat(run.out()).allMatch(line -> line.length() <= 90);
  }

  @Test
  void becomesTheRuntimesJavaWithTheCacheOfClassesAndTheJarsInItsOrder() throws Exception {
    Run run = mbb("bridge", "-c", "a file.ini");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .containsExactly(
            "pid " + run.pid(),
            "locale C.UTF-8",
            "@" + archive + "/lib/bridge/jvm.options",
            "-XX:AOTCache=" + archive + "/lib/bridge/classes.aot",
            "further ",
            "-cp",
            archive + "/lib/bridge/a.jar:" + archive + "/lib/bridge/b.jar",
            "org.messagebusbridge.cli.Mbb",
            "bridge",
            "-c",
            "a file.ini");
  }

  @Test
  void theTesterHasMoreMemoryThanInAContainer() throws Exception {
    Run run = mbb("tester", "-v");

    assertThat(run.out())
        .containsSubsequence("@" + archive + "/lib/tester/jvm.options", "-Xmx512m", "-cp")
        .endsWith("org.messagebusbridge.tester.Main", "-v");
  }

  @Test
  void givesJavaTheUsersOptionsAsAnArgumentFile() throws Exception {
    Run run =
        start(
            archive.resolve("mbb"),
            Map.of("MBB_JAVA_OPTS", "-Xmx96m -Da=\"x y\" $(id)", "LC_ALL", "C.UTF-8"),
            "config");

    assertThat(run.out()).contains("further -Xmx96m -Da=\"x y\" $(id)").endsWith("config");
  }

  @Test
  void worksThroughASymlink() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), archive.resolve("mbb"));

    assertThat(start(link, Map.of(), "--version").out()).containsExactly("MessageBusBridge 7.8.9");
  }

  @Test
  void printsTheCompletionThatTheBuildMade() throws Exception {
    assertThat(mbb("completion", "zsh").out()).containsExactly("complete mbb");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "verify,\"error: there is no command 'verify'; mbb --help shows what there is.\"",
        "completion,\"error: say for which shell: mbb completion bash, or mbb completion zsh.\""
      })
  void refusesWhatAnArchiveHasNot(String command, String sentence) throws Exception {
    Run run = mbb(command);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).containsExactly(sentence);
  }
}
