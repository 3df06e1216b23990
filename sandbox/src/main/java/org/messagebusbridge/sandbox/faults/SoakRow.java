package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.messagebusbridge.sandbox.child.ProcessUse;

/** Random faults against one running system, for as long as it is asked to. */
final class SoakRow {

  private static final Duration LEAST = Duration.ofMillis(500);
  private static final Duration MOST = Duration.ofSeconds(4);
  private static final long SAMPLE_MILLIS = 1_000;

  private final Duration time;
  private final Target target;
  private final Consumer<String> progress;
  private final MemoryCurve memory = new MemoryCurve();
  private final Map<String, Integer> counts = new TreeMap<>();

  /**
   * @param progress hears once a second how far it is
   */
  SoakRow(Duration time, Target target, Consumer<String> progress) {
    this.time = time;
    this.target = target;
    this.progress = progress;
  }

  Row row() {
    return Row.of("soak, %d minutes".formatted(time.toMinutes()), this::soak)
        .with(Setup.STANDARD.key("WS_API_WS_PONG_TIMEOUT_SECS", "3"))
        .on(target);
  }

  /** How often each fault struck. */
  Map<String, Integer> counts() {
    return counts;
  }

  MemoryCurve memory() {
    return memory;
  }

  private void soak(Stage stage) throws Exception {
    stage.node().saveDeclarations();
    RandomFaults faults = new RandomFaults(stage);
    long deadline = System.nanoTime() + time.toNanos();
    Thread watcher = Thread.ofVirtual().name("soak-watcher").start(() -> watch(stage, deadline));
    try {
      while (System.nanoTime() < deadline) {
        stage.flow(LEAST, MOST);
        counts.merge(faults.strike(), 1, Integer::sum);
      }
    } finally {
      watcher.interrupt();
    }
    stage.check(
        memory.isFlat(), "memory grew from %d to %d KiB".formatted(memory.first(), memory.last()));
  }

  private void watch(Stage stage, long deadline) {
    try {
      while (true) {
        OptionalLong pid = stage.bridge().pid();
        pid.stream().flatMap(id -> new ProcessUse(id).residentKib().stream()).forEach(memory::add);
        Tally.Sum toWs = stage.tally(Flow.TO_WS).sum();
        Tally.Sum fromWs = stage.tally(Flow.FROM_WS).sum();
        progress.accept(
            "%4d s left, %d faults, to_ws %,d of %,d, twice %,d, from_ws %,d of %,d, twice %,d, memory %d MiB"
                .formatted(
                    Math.max(0, (deadline - System.nanoTime()) / 1_000_000_000L),
                    stage.faults(),
                    toWs.received(),
                    toWs.sent(),
                    toWs.duplicated(),
                    fromWs.received(),
                    fromWs.sent(),
                    fromWs.duplicated(),
                    memory.last() / 1024));
        Thread.sleep(SAMPLE_MILLIS);
      }
    } catch (InterruptedException e) {
      // over
    }
  }
}
