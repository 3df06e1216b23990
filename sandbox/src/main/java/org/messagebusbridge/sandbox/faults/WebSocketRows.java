package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.List;

/** The rows whose faults are on the side of the WebSocket. */
public final class WebSocketRows {

  private WebSocketRows() {}

  /** All of them, in the order of the table. */
  public static List<Row> all() {
    return List.of(cuts(100));
  }

  /** The TCP connection is cut at random moments. */
  public static Row cuts(int times) {
    return Row.of(
        "TCP cut at a random moment, %d times".formatted(times),
        stage -> {
          for (int i = 0; i < times; i++) {
            stage.flow(Duration.ofMillis(20), Duration.ofMillis(220));
            stage.fault(stage.proxy()::cut);
          }
        });
  }
}
