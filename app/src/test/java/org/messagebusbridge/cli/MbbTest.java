package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process of the bridge, without a cache of classes. */
class MbbTest {
  @TempDir private Path directory;

  private RealJava.Run run(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    all.add("-cp");
    all.add(System.getProperty("java.class.path") + File.pathSeparator + directory);
    all.add(Mbb.class.getName());
    all.addAll(List.of(arguments));
    return new RealJava(directory).run(all.toArray(String[]::new));
  }

  private void onTheClassPath(String name, String contents) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, contents);
  }

  @Test
  void saysNothingButWhatItIsAsked() throws Exception {
    RealJava.Run version = new RealJava.Run(0, List.of("MessageBusBridge development"), List.of());

    assertThat(run("bridge", "--version")).isEqualTo(version);
    assertThat(run("config", "--version")).isEqualTo(version);
  }

  @Test
  void doesNotSearchTheClassPathForWhatItKnows() throws Exception {
    onTheClassPath("META-INF/services/org.slf4j.spi.SLF4JServiceProvider", "no.such.Provider");
    onTheClassPath("groovy/lang/Closure.class", "no class");

    assertThat(run("bridge", "-c", "missing.ini"))
        .isEqualTo(
            new RealJava.Run(
                2,
                List.of("MQ to WebSocket Message Bridge vdevelopment starting up"),
                List.of("error: There is no file missing.ini; name another with -c.")));
  }
}
