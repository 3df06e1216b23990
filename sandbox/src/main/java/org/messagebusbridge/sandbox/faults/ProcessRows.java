package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** The rows about the bridge's own process. */
public final class ProcessRows {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(1);
  private static final Duration TIME_TO_START = Duration.ofSeconds(60);
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(30);

  private ProcessRows() {}

  /** All of them, in the order of the table. */
  public static List<Row> all() {
    return List.of(killed(5), terminated(3), oneOfTwoKilled(4));
  }

  /** The bridge is killed under load and started again. */
  public static Row killed(int times) {
    return Row.of(
        "bridge killed (-9) under load and restarted, %s".formatted(Row.times(times)),
        stage -> {
          for (int i = 0; i < times; i++) {
            stage.flow(SHORT, LONG);
            stage.fault(
                () -> {
                  stage.bridge().kill();
                  stage.startBridge().awaitRelaying(TIME_TO_START);
                });
          }
        });
  }

  /**
   * The bridge drains: it ends with 0, and nothing comes twice to the peer. The peer cannot have a
   * receipt for what it sent while the close frame was on its way; the bridge publishes that too.
   */
  public static Row terminated(int times) {
    return Row.of(
            "SIGTERM under load, and started again, %s".formatted(Row.times(times)),
            stage -> {
              for (int i = 0; i < times; i++) {
                stage.flow(SHORT, LONG);
                stage.fault(
                    () -> {
                      stage.bridge().terminate();
                      OptionalInt code = stage.bridge().awaitExit(TIME_TO_STOP);
                      stage.check(code.equals(OptionalInt.of(0)), "the bridge ended with " + code);
                      stage.startBridge().awaitRelaying(TIME_TO_START);
                    });
              }
            })
        .within(new Limits(0, Limits.WINDOWS.fromWsTwice(), false, false));
  }

  /** Two share the work; each keeps an order of its own. */
  public static Row oneOfTwoKilled(int times) {
    return Row.of(
            "two parallel bridges, one killed (-9) and restarted, %s".formatted(Row.times(times)),
            stage -> {
              for (int i = 0; i < times; i++) {
                stage.flow(SHORT, LONG);
                BridgeUnderTest victim =
                    stage.bridges().stream()
                        .filter(BridgeUnderTest::isRunning)
                        .findFirst()
                        .orElseThrow();
                stage.fault(victim::kill);
                stage.startBridge().awaitRelaying(TIME_TO_START);
              }
              stage.note("order holds for each of the two by itself");
            })
        .with(Setup.STANDARD.bridges(2))
        .within(Limits.WINDOWS.times(2).unordered());
  }
}
