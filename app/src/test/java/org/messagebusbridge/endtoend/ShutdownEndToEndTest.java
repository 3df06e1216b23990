package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.endtoend.BridgeProcess.Ended;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.ReceivedClose;
import org.messagebusbridge.sandbox.Recorder;
import org.messagebusbridge.sandbox.WebSocketService;

/** How the bridge's process ends, with a peer that may keep it waiting for a receipt. */
@Timeout(180)
class ShutdownEndToEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Broker broker = Brokers.embedded();
  private final String name = "shutdown-" + System.nanoTime();
  private final Recorder peer = new Recorder();
  private WebSocketService service;
  private Queues queues;

  @TempDir private Path directory;

  @BeforeEach
  void start() throws Exception {
    service = WebSocketService.builder().behaviour(peer).start();
    queues = new Queues(broker);
    broker.declareQueue(toWs());
  }

  @AfterEach
  void close() throws Exception {
    queues.close();
    service.close();
  }

  @Test
  void runsecsEndsItByItselfWithEverythingSettled() throws Exception {
    queues.publish(toWs(), "one".getBytes(UTF_8));
    try (BridgeProcess bridge = start("10", "-v", "--runsecs", "20")) {

      Ended ended = bridge.await();

      assertThat(ended.err()).isEmpty();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.out())
          .endsWith("The bridge has ended, as it was told to  by=\"--runsecs 20\"\n");
    }
    assertThat(peer.messages()).hasSize(1);
    assertThat(peer.closes()).extracting(ReceivedClose::code).containsExactly(1001);
    assertThat(broker.depth(toWs())).isZero();
  }

  @Test
  void whatHasNoReceiptWhenTheDrainTimeIsOverGoesBackToItsQueue() throws Exception {
    try (BridgeProcess bridge = start("1")) {
      await(() -> queues.consumers(toWs()) == 1); // the first ping was answered
      peer.pausePongs(true);
      queues.publish(toWs(), Traffic.texts("late"), 3);
      peer.awaitCount(1, PATIENCE);

      Ended ended = bridge.terminate();

      assertThat(ended.exitCode()).isZero();
    }
    assertThat(peer.closes()).extracting(ReceivedClose::code).containsExactly(1001);
    assertThat(queues.drain(toWs()))
        .extracting(body -> new String(body, UTF_8))
        .hasSize(3)
        .allMatch(text -> text.startsWith("late "));
  }

  @Test
  void aSecondSignalEndsItAtOnceWithoutWaitingForReceipts() throws Exception {
    try (BridgeProcess bridge = start("3600")) {
      await(() -> queues.consumers(toWs()) == 1); // the first ping was answered
      peer.pausePongs(true);
      queues.publish(toWs(), "held".getBytes(UTF_8));
      peer.awaitCount(1, PATIENCE);
      bridge.signal();
      await(() -> queues.consumers(toWs()) == 0);
      assertThat(bridge.isRunning()).isTrue();

      Ended ended = bridge.terminate();

      assertThat(ended.exitCode()).isEqualTo(130);
      assertThat(ended.err()).isEmpty();
    }
    await(() -> broker.depth(toWs()) == 1);
    assertThat(queues.drain(toWs())).containsExactly("held".getBytes(UTF_8));
  }

  private BridgeProcess start(String drainSecs, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 2];
    all[0] = "-c";
    all[1] =
        new Ini()
            .set("bridge", "drain_secs", drainSecs)
            .set("ws_api", "api_host", service.host())
            .set("ws_api", "api_uri", service.uri())
            .set("aws_mq", "mq_host", broker.host())
            .set("aws_mq", "mq_tls", "false")
            .set("aws_mq", "mq_port", Integer.toString(broker.port()))
            .set("aws_mq", "mq_user_id", broker.user())
            .set("aws_mq", "mq_password", broker.password())
            .set("aws_mq", "mq_qname_to_ws", toWs())
            .set("aws_mq", "mq_qname_from_ws", name + ".from_ws")
            .write(directory)
            .toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return BridgeProcess.start(all);
  }

  private String toWs() {
    return name + ".to_ws";
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
