package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.FreePorts;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.junit.Needs;

/**
 * The demo as a process, with the real bridge and the real tester below it. Only the launcher is
 * another than the user's: it runs what this build has compiled.
 */
@Timeout(180)
class DemoProcessTest {

  private static final String JAVA = ProcessHandle.current().info().command().orElseThrow();
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir private Path directory;
  private Path launcher = Path.of("to be written");

  @BeforeEach
  void writeLauncher() throws Exception {
    launcher =
        Files.createFile(
            directory.resolve("mbb"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        echo $$ "$@" >>"%3$s/started"
        case $1 in
          tester) shift; exec "%1$s" -cp "%2$s" org.messagebusbridge.tester.Main "$@" ;;
          bridge) exec "%1$s" -cp "%2$s" org.messagebusbridge.cli.Mbb "$@" ;;
        esac
        """
            .formatted(JAVA, CLASS_PATH, directory));
  }

  private Process demo(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(JAVA, "-cp", CLASS_PATH, "-Djava.io.tmpdir=" + directory));
    command.add("org.messagebusbridge.sandbox.demo.Demo");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("MBB_LAUNCHER", launcher.toString());
    return builder.start();
  }

  private List<String> started() throws Exception {
    return Files.readAllLines(directory.resolve("started"));
  }

  private void assertNothingIsLeft() throws Exception {
    for (String line : started()) {
      long pid = Long.parseLong(line.substring(0, line.indexOf(' ')));
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).as(line).isEmpty();
    }
    try (var files = Files.list(directory)) {
      assertThat(files.map(Path::getFileName).map(Path::toString).filter(n -> n.endsWith(".ini")))
          .isEmpty();
    }
  }

  @Test
  void bridgesAHundredMessagesInTwoSecondsAndLeavesNothingBehind() throws Exception {
    Process demo = demo("--seconds", "2");
    List<String> output = demo.inputReader().lines().toList();

    assertThat(demo.errorReader().lines()).isEmpty();
    assertThat(demo.waitFor()).isZero();
    assertThat(output)
        .contains("  sent 100, came back 100, lost 0, twice 0")
        .anyMatch(line -> line.startsWith("      #91 ") && line.endsWith(" 100 %"))
        .allMatch(line -> line.length() <= 80 || line.contains(".ini"));
    assertThat(started()).hasSize(2);
    assertThat(started().get(0)).contains(" bridge -c ").doesNotContain("password");
    assertThat(started().get(1)).contains(" tester -c ").doesNotContain("password");
    assertNothingIsLeft();
  }

  @Test
  void runsOnABrokerOfItsUsersOwnAndDeletesItsQueues() throws Exception {
    Needs.rabbit(RabbitVersion.V3_10);
    RabbitNode node = Brokers.rabbit(RabbitVersion.V3_10);
    String uri = "amqp://%s:%s@localhost:%d/".formatted(node.user(), node.password(), node.port());

    Process demo = demo("--seconds", "1", "--broker", uri);
    String output = String.join("\n", demo.inputReader().lines().toList());

    assertThat(demo.errorReader().lines()).isEmpty();
    assertThat(demo.waitFor()).isZero();
    assertThat(output)
        .contains("  broker   amqp://localhost:" + node.port() + " ")
        .contains("  sent 50, came back 50, lost 0, twice 0")
        .doesNotContain(node.password());
    assertThat(String.join("\n", started())).doesNotContain(node.password());
    assertThat(node.ctl("list_queues", "--silent", "name")).doesNotContain("mbb-demo-");
    assertNothingIsLeft();
  }

  @Test
  void saysInOneSentenceThatTheServiceDoesNotAnswer() throws Exception {
    int port = FreePorts.next();

    Process demo = demo("--ws", "ws://127.0.0.1:" + port + "/");

    assertThat(demo.inputReader().lines().toList()).hasSize(4);
    assertThat(demo.errorReader().lines())
        .singleElement()
        .asString()
        .startsWith("error: The bridge did not start: 127.0.0.1:" + port + " refused");
    assertThat(demo.waitFor()).isEqualTo(1);
    assertNothingIsLeft();
  }

  @Test
  void endsWithAllItsPartsWhenItIsToldTo() throws Exception {
    Process demo = demo("--seconds", "60");
    try (BufferedReader output = demo.inputReader()) {
      List<String> lines = new ArrayList<>();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
        if (line.startsWith("       #1 ")) {
          demo.toHandle().destroy();
        }
      }

      assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(demo.exitValue()).isEqualTo(128 + 15);
      assertThat(demo.errorReader().lines()).isEmpty();
      assertThat(lines).anyMatch(line -> line.matches("  sent \\d+, came back \\d+, lost .*"));
    }
    assertThat(started()).hasSize(2);
    assertNothingIsLeft();
  }
}
