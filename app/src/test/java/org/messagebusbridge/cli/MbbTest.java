package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process of the bridge, without a cache of classes. */
class MbbTest {
  @TempDir private Path directory;

  private record Run(int exitCode, List<String> said) {}

  private Run run(String... arguments) throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path") + File.pathSeparator + directory);
    command.add(Mbb.class.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readAllLines(out));
  }

  private void onTheClassPath(String name, String contents) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, contents);
  }

  @Test
  void saysNothingButWhatItIsAsked() throws Exception {
    Run version = new Run(0, List.of("MessageBusBridge development"));

    assertThat(run("bridge", "--version")).isEqualTo(version);
    assertThat(run("config", "--version")).isEqualTo(version);
  }

  @Test
  void doesNotSearchTheClassPathForWhatItKnows() throws Exception {
    onTheClassPath("META-INF/services/org.slf4j.spi.SLF4JServiceProvider", "no.such.Provider");
    onTheClassPath("groovy/lang/Closure.class", "no class");

    assertThat(run("bridge", "-c", "missing.ini"))
        .isEqualTo(
            new Run(
                2,
                List.of(
                    "MQ to WebSocket Message Bridge vdevelopment starting up",
                    "error: There is no file missing.ini; name another with -c.")));
  }
}
