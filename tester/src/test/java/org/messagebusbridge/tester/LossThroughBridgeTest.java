package org.messagebusbridge.tester;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.sandbox.Direction;
import org.messagebusbridge.sandbox.EmbeddedBroker;
import org.messagebusbridge.sandbox.FaultProxy;
import org.messagebusbridge.sandbox.ReceivedMessage;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.WebSocketService;
import picocli.CommandLine;

/**
 * The tester against a bridge that loses messages: {@code ws_delivery_confirm = flush}, and a
 * connection that is cut in the middle of every hundredth message. What the service has received is
 * put into the queue for the tester past the bridge, so that the way back loses none, and the
 * service's recorder knows exactly what was lost.
 */
@Timeout(180)
class LossThroughBridgeTest {

  private static final int MESSAGES = 2_000;
  private static final int MESSAGES_A_CUT = 100;

  /** A whole frame of a test message and some bytes of the next. */
  private static final int IN_THE_MIDDLE = 45;

  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private final Recorder recorder = new Recorder();
  @TempDir private Path directory;

  private Path configuration(int port) throws Exception {
    return Files.writeString(
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
        api_host = ws://127.0.0.1:%d
        api_uri = /ws
        ws_delivery_confirm = flush
        ws_max_connect_attempts = 1000
        """
            .formatted(broker.port(), broker.user(), broker.password(), port));
  }

  private Process bridge() throws Exception {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            "org.messagebusbridge.cli.Mbb",
            "bridge")
        .directory(directory.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(directory.resolve("bridge.log").toFile())
        .start();
  }

  /** Returns what the recorder has to the tester, and cuts the line, until it is interrupted. */
  private Void serve(FaultProxy proxy) throws Exception {
    try (Connection connection = broker.connectionFactory().newConnection();
        Channel channel = connection.createChannel()) {
      int served = 0;
      while (true) {
        List<ReceivedMessage> all = recorder.awaitCount(served + 1, Duration.ofMinutes(2));
        for (ReceivedMessage message : all.subList(served, all.size())) {
          channel.basicPublish("", "from_ws", null, message.body());
          if (++served % MESSAGES_A_CUT == 0) {
            proxy.cutAfterBytes(IN_THE_MIDDLE, Direction.TO_SERVER);
          }
        }
      }
    }
  }

  @Test
  void countsAndNamesExactlyWhatTheRecorderMisses() throws Exception {
    broker.declareQueue("to_ws");
    broker.declareQueue("from_ws");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Path report = directory.resolve("lost.csv");
    int exitCode;
    try (WebSocketService service = WebSocketService.builder().behaviour(recorder).start();
        FaultProxy proxy = FaultProxy.to("127.0.0.1", URI.create(service.url()).getPort());
        ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      Path ini = configuration(proxy.port());
      Process bridge = bridge();
      Future<Void> serving = thread.submit(() -> serve(proxy));
      try {
        recorder.awaitConnection(1, Duration.ofSeconds(60));
        CommandLine tester = TesterCommand.commandLine(Map.of());
        tester.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        exitCode =
            tester.execute(
                "-c",
                ini.toString(),
                "--rate=400",
                "-n",
                "" + MESSAGES,
                "-e",
                "10",
                "-r",
                report.toString());
        assertThat(serving.isDone()).isFalse();
        // how many cuts fall on one connection is a matter of how soon the next one is there
        assertThat(proxy.connections()).isGreaterThan(2);
      } finally {
        serving.cancel(true);
        bridge.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
      }
    } finally {
      broker.close();
    }

    List<ReceivedMessage> received = recorder.messages();
    Set<String> arrived = received.stream().map(ReceivedMessage::text).collect(Collectors.toSet());
    int lost = MESSAGES - arrived.size();
    assertThat(lost).as("messages that the recorder misses").isPositive();
    assertThat(out.toString())
        .contains(
            "Sent %d, received %d, lost %d, duplicated %d, foreign 0,"
                .formatted(MESSAGES, arrived.size(), lost, received.size() - arrived.size()));
    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString()).isEmpty();

    Set<String> named = new HashSet<>();
    for (String line : Files.readAllLines(report)) {
      named.add(line.substring(line.lastIndexOf(',') + 1));
    }
    assertThat(named).hasSize(lost + 1).contains("msg").doesNotContainAnyElementsOf(arrived);
  }
}
