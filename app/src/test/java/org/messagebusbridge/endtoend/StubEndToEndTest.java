package org.messagebusbridge.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.cli.BridgeAssembly;
import org.messagebusbridge.relay.BridgeState.StopCause;
import org.messagebusbridge.relay.Direction;
import org.messagebusbridge.relay.Timing;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.WebSocketService;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;

/** The bridge with {@code -X}: what is sent to the WebSocket side comes back. */
@Timeout(180)
class StubEndToEndTest {

  @Test
  void whatGoesInComesBackOnceInOrder() throws Exception {
    Broker broker = Brokers.embedded();
    String name = "stub-" + System.nanoTime();
    broker.declareQueue(name + ".to_ws");
    broker.declareQueue(name + ".from_ws");
    Traffic traffic = Traffic.mixed("stub");
    int count = 10_001;
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        Queues queues = new Queues(broker);
        WebSocketService unused = WebSocketService.builder().start()) {
      queues.publish(name + ".to_ws", traffic, count);
      RunningBridge running =
          new RunningBridge(
              BridgeAssembly.stub(
                  Settings.of(broker, unused, name, false, DeliveryConfirm.PONG),
                  Timing.system(),
                  timer));
      assertThat(queues.consume(name + ".from_ws", traffic, count)).isEqualTo(count);
      assertThat(running.stop()).isEqualTo(new StopCause.Requested("the test"));
      assertThat(broker.depth(name + ".to_ws")).isZero();
      assertThat(broker.depth(name + ".from_ws")).isZero();
      assertThat(running.bridge().stats(Direction.OUTBOUND).snapshot().accepted()).isEqualTo(count);
      assertThat(running.bridge().stats(Direction.INBOUND).snapshot().accepted()).isEqualTo(count);
      assertThat(unused.connectionAttempts()).isZero();
    }
  }
}
