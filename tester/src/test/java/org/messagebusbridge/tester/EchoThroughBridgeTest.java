package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.sandbox.EmbeddedBroker;

/** The real tester and the real bridge, as processes, with no WebSocket service but the tester. */
@Timeout(180)
class EchoThroughBridgeTest {

  private final List<Process> processes = new ArrayList<>();
  @TempDir private Path directory;
  private final EmbeddedBroker broker = EmbeddedBroker.start();

  @BeforeEach
  void writeConfiguration() throws Exception {
    Files.writeString(
        directory.resolve("mq2wsbridge.ini"),
        """
        [aws_mq]
        mq_host = localhost
        mq_port = %d
        mq_tls = false
        mq_user_id = %s
        mq_password = %s
        mq_qname_to_ws = to_ws
        mq_qname_from_ws = from_ws
        [ws_api]
        api_host = wss://to.be.replaced.example.com
        api_uri = /path
        """
            .formatted(broker.port(), broker.user(), broker.password()));
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
    broker.close();
  }

  private Process start(String main, List<String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    environment.forEach(
        entry -> builder.environment().put(entry.split("=", 2)[0], entry.split("=", 2)[1]));
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  @Test
  void testsABridgeWithoutAnyProvider() throws Exception {
    Process tester =
        start(
            "org.messagebusbridge.tester.Main",
            List.of(),
            "--ws-echo=0",
            "--rate=500",
            "--duration=2",
            "--size=20-20000",
            "--binary");
    List<String> lines;
    try (BufferedReader output = tester.inputReader()) {
      String echoing = output.readLine();
      assertThat(echoing)
          .matches(
              "Echoing at (ws://127.0.0.1:\\d+); waiting for the bridge, which finds it with"
                  + " MBB_WS_API_API_HOST=\\1");
      start(
          "org.messagebusbridge.cli.Mbb",
          List.of(echoing.substring(echoing.lastIndexOf(' ') + 1)),
          "bridge");
      lines = output.lines().toList();
    }

    assertThat(tester.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(tester.errorReader().lines()).isEmpty();
    assertThat(tester.exitValue()).isZero();
    assertThat(lines.getFirst()).startsWith("Sending 1000 messages to 'to_ws'");
    assertThat(lines.getLast())
        .startsWith("Sent 1000, received 1000, lost 0, duplicated 0, foreign 0, out of order 0");
  }

  @Test
  void echoesOnUntilItIsStoppedWhenThereIsNothingToSend() throws Exception {
    Process tester = start("org.messagebusbridge.tester.Main", List.of(), "--ws-echo=0", "-n0");
    try (BufferedReader output = tester.inputReader()) {
      assertThat(output.readLine()).matches("Echoing at ws://127.0.0.1:\\d+ until Ctrl-C");
      tester.toHandle().destroy();

      assertThat(output.lines()).isEmpty();
    }
    assertThat(tester.errorReader().lines()).isEmpty();
    assertThat(tester.waitFor()).isEqualTo(128 + 15);
  }
}
