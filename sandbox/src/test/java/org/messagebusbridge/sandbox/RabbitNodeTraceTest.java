package org.messagebusbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.messagebusbridge.sandbox.junit.Needs;

/** What a node leaves behind: nothing. */
class RabbitNodeTraceTest {

  @TempDir private Path away;

  @ParameterizedTest
  @EnumSource(RabbitVersion.class)
  void leavesNeitherProcessesNorFilesWhenClosed(RabbitVersion version) throws Exception {
    Needs.rabbit(version);
    List<ProcessHandle> others = ProcessHandle.current().descendants().toList();
    List<ProcessHandle> started;
    Path folder;
    try (RabbitNode node = RabbitNode.start(version)) {
      assertThat(node.ctl("-q", "list_queues")).isEmpty();
      started = ProcessHandle.current().descendants().filter(p -> !others.contains(p)).toList();
      assertThat(started).hasSizeGreaterThanOrEqualTo(3).allMatch(ProcessHandle::isAlive);
      folder = folderOf(node);
      assertThat(folder).isDirectory();
    }
    awaitEnd(started);
    assertThat(folder).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(RabbitVersion.class)
  void leavesNoProcessesWhenItsFolderWasRemovedMeanwhile(RabbitVersion version) throws Exception {
    Needs.rabbit(version);
    List<ProcessHandle> others = ProcessHandle.current().descendants().toList();
    List<ProcessHandle> started;
    try (RabbitNode node = RabbitNode.start(version)) {
      started = ProcessHandle.current().descendants().filter(p -> !others.contains(p)).toList();
      Path folder = folderOf(node);
      Files.move(folder, away.resolve(folder.getFileName()));
    }
    awaitEnd(started);
  }

  @ParameterizedTest
  @EnumSource(RabbitVersion.class)
  void leavesNeitherProcessesNorFilesWhenTheJvmIsKilled(RabbitVersion version) throws Exception {
    Needs.rabbit(version);
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                version.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = jvm.inputReader()) {
      Path folder = Path.of(String.valueOf(output.readLine()));
      assertThat(folder).isDirectory();
      List<ProcessHandle> started = jvm.descendants().toList();
      assertThat(started).hasSizeGreaterThanOrEqualTo(3);

      jvm.destroyForcibly();

      awaitEnd(started);
      assertThat(folder).doesNotExist();
    } finally {
      jvm.destroyForcibly();
    }
  }

  @ParameterizedTest
  @EnumSource(RabbitVersion.class)
  void saysWhyItDidNotStartAndLeavesNothing(RabbitVersion version) throws Exception {
    Needs.rabbit(version);
    // of this run alone: others on this machine may run the same test
    String unknown = "no_such_key_" + ProcessHandle.current().pid();
    RabbitExtras extras = RabbitExtras.NONE.withConfig(unknown + " = 1");

    assertThatThrownBy(() -> RabbitNode.start(version, extras))
        .isInstanceOf(SandboxException.class)
        .hasMessageStartingWith(version + " did not start: ")
        .hasMessageContaining(unknown)
        .message()
        .hasLineCount(1);

    assertThat(foldersWith(unknown)).isEmpty();
  }

  private static void awaitEnd(List<ProcessHandle> processes) throws Exception {
    for (ProcessHandle process : processes) {
      process.onExit().get(60, TimeUnit.SECONDS);
    }
  }

  private static Path folderOf(RabbitNode node) {
    return node.certificates().orElseThrow().caFile().resolve("../..").normalize();
  }

  private static List<Path> foldersWith(String configKey) throws Exception {
    try (Stream<Path> files = Files.list(Path.of("/tmp"))) {
      return files
          .filter(folder -> folder.getFileName().toString().startsWith("mbb-rabbitmq-"))
          .filter(folder -> configures(folder, configKey))
          .toList();
    }
  }

  private static boolean configures(Path folder, String key) {
    try {
      return Files.readString(folder.resolve("rabbitmq.conf")).contains(key);
    } catch (IOException anotherNodeThatIsJustGone) {
      return false;
    }
  }

  /** A JVM that starts a node, names its folder and waits to be killed. */
  static final class Holder {

    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      RabbitNode node = RabbitNode.start(RabbitVersion.valueOf(arguments[0]));
      System.out.println(folderOf(node));
      Thread.currentThread().join();
    }
  }
}
