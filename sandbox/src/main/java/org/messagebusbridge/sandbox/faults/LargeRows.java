package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.messagebusbridge.sandbox.child.HeapLook;

/** The rows about memory: messages as large as they may be, in the shipped heap. */
public final class LargeRows {

  private static final int MIB = 1024 * 1024;
  private static final int LARGEST = 16 * MIB;
  private static final Duration TIME_TO_COME = Duration.ofMinutes(5);
  private static final Duration SLOW = Duration.ofMillis(100);
  private static final Duration TIME_TO_FILL = Duration.ofSeconds(6);

  /** In bodies, whatever their size; and a mebibyte that a busy JVM has more than an idle one. */
  private static final long AT_MOST = 64L * MIB + MIB;

  private LargeRows() {}

  /** All of them, in the order of the table. */
  public static List<Row> all() {
    return List.of(slowPeer(500), bothStandStill());
  }

  /** The broker would push all of them at once; the peer reads half of the time. */
  public static Row slowPeer(int messages) {
    return Row.of(
            "%d messages of 16 MiB towards a slow peer".formatted(messages),
            stage -> {
              long idle = liveBytes(stage);
              stage.sender().begin(50, messages);
              long most = 0;
              long deadline = System.nanoTime() + TIME_TO_COME.toNanos();
              for (int i = 0;
                  stage.tally(Flow.TO_WS).received() < messages && System.nanoTime() < deadline;
                  i++) {
                stage.peer().pauseReading(true);
                stage.flow(SLOW, SLOW);
                stage.peer().pauseReading(false);
                stage.flow(SLOW, SLOW);
                if (i % 10 == 5) {
                  most = Math.max(most, liveBytes(stage));
                }
              }
              checkInFlight(stage, most - idle);
            })
        .with(Setup.STANDARD.quiet().size(LARGEST))
        .within(Limits.NONE_TWICE);
  }

  /** Nobody takes anything, and both sides have more than fits. */
  public static Row bothStandStill() {
    return Row.of(
            "messages of 16 MiB both ways, peer and broker stand still for 6 s",
            stage -> {
              long idle = liveBytes(stage);
              stage.script().sizes(number -> Optional.of(LARGEST));
              stage.peer().pauseReading(true);
              stage.sender().begin(50, 12);
              stage.await(
                  () -> stage.tally(Flow.TO_WS).sent() == 12, TIME_TO_COME, "the load stands");
              stage.check(
                  stage.sender().awaitConfirmed(TIME_TO_COME.toNanos()),
                  "the queue did not take it");
              stage.strike(
                  () -> {
                    stage.node().setMemoryAlarm(true);
                    try {
                      stage.feeder().begin(50, 12);
                      stage.flow(TIME_TO_FILL, TIME_TO_FILL);
                      checkInFlight(stage, liveBytes(stage) - idle);
                    } finally {
                      stage.node().setMemoryAlarm(false);
                      stage.peer().pauseReading(false);
                    }
                  });
              stage.await(
                  () -> stage.tally(Flow.FROM_WS).received() >= 12,
                  TIME_TO_COME,
                  "the peer's messages did not come");
            })
        .with(Setup.STANDARD.quiet().size(LARGEST))
        .within(Limits.NONE_TWICE);
  }

  private static long liveBytes(Stage stage) {
    return stage.bridge().pid().stream().map(HeapLook::liveByteArrays).max().orElse(0);
  }

  private static void checkInFlight(Stage stage, long bytes) {
    stage.note(
        "live byte arrays in the bridge's heap, beyond those of an idle one: %d MiB at most"
            .formatted(bytes / MIB));
    stage.check(bytes <= AT_MOST, "%d MiB of messages were in flight".formatted(bytes / MIB));
  }
}
