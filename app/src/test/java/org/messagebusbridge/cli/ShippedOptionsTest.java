package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JVM's options that the bridge is shipped with, in a real JVM. */
class ShippedOptionsTest {
  private static final Path OPTIONS = Path.of("src", "main", "jvm", "bridge.options");

  @TempDir private Path folder;

  private RealJava.Run java(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("@" + OPTIONS.toAbsolutePath()));
    all.addAll(List.of(arguments));
    return new RealJava(folder).run(all.toArray(String[]::new));
  }

  @Test
  void theJvmTakesThemAndSaysNothing() throws Exception {
    RealJava.Run run = java("-cp", folder.toString(), "--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .as("what --version prints, and nothing else")
        .hasSize(3)
        .first()
        .asString()
        .startsWith("openjdk 25");
  }

  /** Those of the bridge and of the tester. */
  @ParameterizedTest
  @ValueSource(strings = {"src/main/jvm/bridge.options", "../tester/src/main/jvm/tester.options"})
  void eachHasItsReasonAboveIt(Path options) throws IOException {
    List<String> lines = Files.readAllLines(options);

    assertThat(lines).filteredOn(line -> line.startsWith("-")).isNotEmpty();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("-")) {
        assertThat(lines.get(i - 1)).as("above " + lines.get(i)).startsWith("# ");
      }
    }
  }

  /** Which methods a compiler takes is the JVM's to know. */
  @Test
  void noneTellsTheCompilersWhatToCompile() throws IOException {
    assertThat(Files.readAllLines(OPTIONS))
        .noneMatch(line -> line.startsWith("-XX:CompileCommand"))
        .noneMatch(line -> line.startsWith("-XX:CompilerDirectives"))
        .noneMatch(line -> line.startsWith("-XX:TieredStopAtLevel"));
  }
}
