package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.sandbox.EmbeddedBroker;
import org.messagebusbridge.sandbox.junit.Needs;

@Timeout(180)
class ScreenInTmuxTest {

  private static final String JAVA = ProcessHandle.current().info().command().orElseThrow();
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static @Nullable EmbeddedBroker started;

  @TempDir private Path directory;
  private String queue = "";

  @BeforeAll
  static void startBroker() {
    Needs.command(Tmux.COMMAND);
    started = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    if (started != null) {
      started.close();
    }
  }

  @BeforeEach
  void declareQueues() throws Exception {
    queue = "screen" + COUNT.incrementAndGet();
    broker().declareQueue(queue + ".to");
    broker().declareQueue(queue + ".from");
    Files.writeString(
        directory.resolve("bridge.ini"),
        """
        [aws_mq]
        mq_host = localhost
        mq_port = %d
        mq_tls = false
        mq_user_id = %s
        mq_password = %s
        mq_qname_to_ws = %s.to
        mq_qname_from_ws = %s.from
        """
            .formatted(broker().port(), broker().user(), broker().password(), queue, queue));
  }

  private static EmbeddedBroker broker() {
    return Objects.requireNonNull(started);
  }

  private Connection echo(IntUnaryOperator copies) throws Exception {
    return Echo.start(broker().connectionFactory(), queue + ".to", queue + ".from", copies);
  }

  private String java(String mainAndArguments) {
    return "'%s' -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '%s' org.messagebusbridge.tester.%s"
        .formatted(JAVA, CLASS_PATH, mainAndArguments);
  }

  private Tmux tester(int columns, int rows, String arguments) throws Exception {
    return tester("", columns, rows, arguments);
  }

  private Tmux tester(String environment, int columns, int rows, String arguments)
      throws Exception {
    String command = java("Main -c '" + directory.resolve("bridge.ini") + "' " + arguments);
    return new Tmux(directory, columns, rows, environment + command);
  }

  private static void assertAsBefore(Tmux terminal) throws Exception {
    assertThat(terminal.settingsAfter()).contains("icanon").isEqualTo(terminal.settingsBefore());
    assertThat(terminal.fact("alternate_on")).isEqualTo("0");
    assertThat(terminal.fact("cursor_flag")).isEqualTo("1");
    assertThat(terminal.screen()).contains("what stood here before");
  }

  private static String cells(int back, char then, int count) {
    return "o".repeat(back) + Character.toString(then).repeat(count);
  }

  @Test
  void theGraphHasOneCellAMessageAndFollowsTheSizeOfTheTerminal() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    IntUnaryOperator holdsTheHundredth =
        number -> {
          if (number == 100) {
            await(held);
          }
          return 1;
        };
    try (Connection _ = echo(holdsTheHundredth);
        Tmux terminal = tester(80, 24, "-g -n 200 -d 0.005 --late 5000 -e 60")) {
      List<String> small =
          terminal.await(
              "99 cells of what is back and 101 of what is overdue",
              lines -> lines.contains(cells(19, '?', 61)) && lines.contains("?".repeat(40)));
      assertThat(small).hasSize(24);
      assertThat(small.get(0)).startsWith("Sending 200 messages to '" + queue + ".to', waiting");
      assertThat(small.get(1)).startsWith(". sent  o returned  L returned late  ? overdue");
      assertThat(small.subList(2, 6))
          .containsExactly("o".repeat(80), cells(19, '?', 61), "?".repeat(40), "");
      assertThat(small.get(22))
          .matches(
              "\\[Msgs: 99 of 200]  \\d+\\.\\d/s  p50 \\d+\\.\\d ms  p99 \\d+\\.\\d ms  \\d+ s left"
                  + " to wait");
      assertThat(small.get(23))
          .isEqualTo("out 101  late 0  duplicated 0  out of order 0  foreign 0");

      terminal.resize(200, 50);
      List<String> large =
          terminal.await("all cells in one row", lines -> lines.contains(cells(99, '?', 101)));
      assertThat(large).hasSize(50);
      assertThat(large.get(2)).isEqualTo(cells(99, '?', 101));
      assertThat(large.subList(3, 48)).containsOnly("");
      assertThat(large.get(48)).startsWith("[Msgs: 99 of 200]");

      terminal.resize(40, 7);
      List<String> tiny =
          terminal.await(
              "the last rows",
              lines -> lines.size() == 7 && lines.get(2).equals(cells(19, '?', 21)));
      assertThat(tiny.subList(2, 5))
          .containsExactly(cells(19, '?', 21), "?".repeat(40), "?".repeat(40));
      assertThat(tiny.get(5)).startsWith("[Msgs: 99 of 200]");

      terminal.resize(200, 50);
      terminal.await("all cells in one row again", lines -> lines.contains(cells(99, '?', 101)));
      held.countDown();
      List<String> end = terminal.awaitEnd();
      assertThat(Tmux.exitCode(end)).isZero();
      // what was last to be seen stays, below what was there
      assertThat(end).contains(cells(99, 'L', 101));
      assertThat(end)
          .anyMatch(line -> line.startsWith("Sent 200, received 200, lost 0,"))
          .anyMatch(line -> line.contains("out of order 0, late 101;"));
      assertAsBefore(terminal);
    }
  }

  @Test
  void theTableScrollsFollowsTheSizeAndIsGoneAfterCtrlC() throws Exception {
    try (Connection _ = echo(number -> number == 40 ? 0 : 1);
        Tmux terminal = tester(80, 24, "-v -n 40 -d 0.01 --late 5000 -e 60")) {
      List<String> small =
          terminal.await("the overdue message", lines -> lines.get(21).endsWith("--- overdue"));
      assertThat(small).hasSize(24);
      assertThat(small.get(0)).matches("Message {23,}Sent At        Received At    Elapsed");
      for (int row = 1; row <= 20; row++) {
        assertThat(small.get(row))
            .matches(
                "Test msg #%d \\(\\d+\\.\\d{4}\\) +\\d\\d:\\d\\d:\\d\\d\\.\\d{3} +\\d\\d:\\d\\d:\\d\\d\\.\\d{3} +00:00:\\d\\d\\.\\d{6}"
                    .formatted(19 + row));
      }
      assertThat(small.get(21)).matches("Test msg #40 .*\\.\\d{3}   ---            --- overdue");
      assertThat(small.get(22)).startsWith("[Msgs: 39 of 40]").endsWith(" s left to wait");
      assertThat(small.get(23)).startsWith("out 1  late 0");

      terminal.resize(200, 50);
      List<String> large =
          terminal.await("all 40", lines -> lines.get(1).startsWith("Test msg #1 "));
      assertThat(large.get(40)).startsWith("Test msg #40 ").endsWith("--- overdue");
      assertThat(large.get(48)).startsWith("[Msgs: 39 of 40]");
      assertThat(terminal.fact("alternate_on")).isEqualTo("1");
      assertThat(terminal.fact("cursor_flag")).isEqualTo("0");

      terminal.type("typed-for-nobody");
      terminal.type("C-c");
      List<String> end = terminal.awaitEnd();
      assertThat(Tmux.exitCode(end)).isEqualTo(128 + 2);
      assertThat(end)
          .anyMatch(line -> line.startsWith("Sent 40, received 39, lost 1, duplicated 0"))
          .noneMatch(line -> line.contains("typed-for-nobody"));
      assertAsBefore(terminal);
    }
  }

  @Test
  void aScreenThatCannotBeDrawnIsGivenBackAndTheRunGoesOn() throws Exception {
    String command = java("ScreenCrash draw");
    try (Tmux terminal = new Tmux(directory, 80, 24, command)) {
      List<String> end = terminal.awaitEnd();

      assertThat(Tmux.exitCode(end)).isZero();
      assertThat(end)
          .contains("The screen could not be drawn (java.lang.IllegalStateException: on purpose).");
      assertAsBefore(terminal);
    }
  }

  @Test
  void aCrashOfTheTesterGivesTheTerminalBack() throws Exception {
    String command = java("ScreenCrash main");
    try (Tmux terminal = new Tmux(directory, 80, 24, command)) {
      List<String> end = terminal.awaitEnd();

      assertThat(Tmux.exitCode(end)).isEqualTo(1);
      assertAsBefore(terminal);
    }
  }

  /** The real launcher, with a JDK that runs what this build has compiled. */
  private String launcher() throws Exception {
    Path checkout = Files.createDirectory(directory.resolve("checkout"));
    Files.copy(Path.of("..", "mbb"), checkout.resolve("mbb"));
    Files.createDirectories(checkout.resolve("target/mbb/tester"));
    Files.createDirectories(checkout.resolve("jdk/bin"));
    Files.writeString(checkout.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
    Path java = checkout.resolve("jdk/bin/java");
    Files.writeString(
        java,
        """
        #!/bin/bash
        echo $$ >'%s/pid'
        options=()
        until [ "$1" = -cp ]; do options+=("$1"); shift; done
        shift 2
        exec '%s' "${options[@]}" -cp '%s' "$@"
        """
            .formatted(directory, JAVA, CLASS_PATH));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    return "MBB_NO_BUILD=1 JAVA_HOME='%1$s/jdk' bash '%1$s/mbb' tester -c '%2$s/bridge.ini' "
        .formatted(checkout, directory);
  }

  @Test
  void theLauncherGivesBackTheTerminalOfATesterThatWasKilled() throws Exception {
    try (Tmux terminal = new Tmux(directory, 80, 24, launcher() + "--visual -n 100")) {
      terminal.await("the table", lines -> lines.get(0).startsWith("Message  "));
      assertThat(terminal.fact("alternate_on")).isEqualTo("1");
      kill("-KILL");

      List<String> end = terminal.awaitEnd();
      assertThat(Tmux.exitCode(end)).isEqualTo(128 + 9);
      assertAsBefore(terminal);
    }
  }

  @Test
  void theLauncherLetsCtrlCThrough() throws Exception {
    try (Tmux terminal = new Tmux(directory, 80, 24, launcher() + "-gn 100")) {
      terminal.await("the graph", lines -> lines.get(0).startsWith("Sending 100"));
      terminal.type("C-c");

      List<String> end = terminal.awaitEnd();
      assertThat(Tmux.exitCode(end)).isEqualTo(128 + 2);
      assertThat(end).anyMatch(line -> line.matches("Sent \\d+, received 0, lost .*"));
      assertAsBefore(terminal);
    }
  }

  private void kill(String signal) throws Exception {
    String pid = Files.readString(directory.resolve("pid")).strip();
    assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor()).isZero();
  }

  @Test
  void aDumbTerminalGetsLines() throws Exception {
    assertLines("TERM=dumb ", "-v -n 2 -d 0");
  }

  @Test
  void aTerminalWithoutAKeyboardGetsLines() throws Exception {
    assertLines("", "-v -n 2 -d 0 </dev/null");
  }

  private void assertLines(String environment, String arguments) throws Exception {
    try (Connection _ = echo(number -> 1);
        Tmux terminal = tester(environment, 80, 24, arguments)) {
      List<String> end = terminal.awaitEnd();

      assertThat(Tmux.exitCode(end)).isZero();
      assertThat(String.join(" ", end))
          .contains("warning: -v needs standard input and output on a terminal")
          .contains("Sent message. Body: Test msg #2");
      assertAsBefore(terminal);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
