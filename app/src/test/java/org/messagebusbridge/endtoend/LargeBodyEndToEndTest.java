package org.messagebusbridge.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.messagebusbridge.endtoend.BridgeProcess.Ended;
import org.messagebusbridge.endtoend.BridgeProcess.Ini;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.sandbox.junit.Needs;

/** What a broker takes by its defaults and a bridge in a small heap cannot hold. */
@Timeout(180)
class LargeBodyEndToEndTest {
  private static final int KEPT = 64 << 10;
  private static final long MOST_RESIDENT_KIB = 300 << 10;

  @TempDir private Path directory;

  @Test
  void isKeptInPartAndHoldsUpNothingBehindIt() throws Exception {
    Needs.rabbit(RabbitVersion.V3_10);
    Broker broker = Brokers.rabbit(RabbitVersion.V3_10);
    String queues = "large-tö-" + System.nanoTime();
    byte[] large = new byte[120 << 20];
    try (WebSocketService service = WebSocketService.builder().start();
        Queues clients = new Queues(broker)) {
      broker.declareQueue(queues + "-to");
      broker.declareQueue(queues + "-to.dead");
      broker.declareQueue(queues + "-from");
      clients.publish(queues + "-to", large);
      Traffic behind = Traffic.texts("behind");
      clients.publish(queues + "-to", behind, 20);
      try (BridgeProcess bridge =
          BridgeProcess.start(
              List.of("-Xmx256m"),
              Map.of(),
              List.of("-c", ini(broker, service, queues).write(directory).toString()))) {
        byte[] kept = clients.take(queues + "-to.dead");
        assertThat(kept).isEqualTo(new byte[KEPT]);
        assertThat(clients.consume(queues + "-from", behind, 20)).isEqualTo(20);
        assertThat(mostResidentKib(bridge)).isLessThan(MOST_RESIDENT_KIB);
        Ended ended = bridge.terminate();
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.err())
            .hasLineCount(1)
            .contains(" WARN  amqp ", "reason=TOO_LARGE")
            .contains("A message was moved to the dead letter queue");
      }
    }
    assertThat(broker.depth(queues + "-to")).isZero();
  }

  private static Ini ini(Broker broker, WebSocketService service, String queues) {
    return Ini.of(broker, service.host(), queues + "-to", queues + "-from").withLogin();
  }

  /** At any time of its life (proc(5), {@code VmHWM}). */
  private static long mostResidentKib(BridgeProcess bridge) throws Exception {
    String status = Files.readString(Path.of("/proc", Long.toString(bridge.pid()), "status"));
    return Long.parseLong(status.replaceFirst("(?s).*VmHWM:\\s+(\\d+) kB.*", "$1"));
  }
}
