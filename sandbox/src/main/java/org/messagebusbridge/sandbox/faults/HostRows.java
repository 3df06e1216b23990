package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.List;

/** The rows whose faults are those of the machine that the bridge runs on. */
public final class HostRows {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(1);

  private HostRows() {}

  /** All of them, in the order of the table. */
  public static List<Row> all() {
    return List.of(diskFull(5), clockStepped());
  }

  /** Nothing of its log can be written, from the start; each cut would be a line of it. */
  public static Row diskFull(int cuts) {
    return Row.of(
            "disk full for its log, TCP cut %d times".formatted(cuts),
            stage -> {
              for (int i = 0; i < cuts; i++) {
                stage.flow(SHORT, LONG);
                stage.fault(stage.proxy()::cut);
              }
            })
        .by(BridgeKind.FULL_DISK);
  }

  /** The clock is set an hour forward, and an hour back, each time with a cut after it. */
  public static Row clockStepped() {
    return Row.of(
            "clock stepped by an hour, forth and back",
            stage -> {
              for (Duration step : List.of(Duration.ofHours(1), Duration.ofHours(-2))) {
                stage.flow(SHORT, LONG);
                stage.fault(() -> stage.bridge().stepClock(step));
                stage.flow(SHORT, LONG);
                stage.fault(stage.proxy()::cut);
              }
            })
        .by(BridgeKind.OWN_CLOCK);
  }
}
