package org.messagebusbridge.sandbox.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;

/**
 * Starts a bridge, or what it is compared with, on queues that hold few or many messages, and sends
 * as many as come back. Used by one thread.
 *
 * @param way what takes from the long queue
 * @param seconds that each is measured
 */
record BacklogRun(Launcher launcher, Resources resources, RabbitNode node, Way way, int seconds) {
  private static final Duration WARM_UP = Duration.ofSeconds(6);
  private static final int SIZE = 200;
  // Beside what waits: the bridge's prefetch, and what is on its way back.
  private static final int UNDER_WAY = 1_000;

  /**
   * Measures.
   *
   * @param waiting how many messages wait, each in its turn
   * @param progress hears a line when a turn begins
   */
  Backlog measure(List<Integer> waiting, int rounds, Consumer<String> progress)
      throws InterruptedException {
    Map<Integer, List<Double>> rates = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (int number : waiting) {
        progress.accept("backlog: round %d of %d, %d waiting".formatted(round, rounds, number));
        rates.computeIfAbsent(number, n -> new ArrayList<>()).add(measure(number));
      }
    }
    return new Backlog(rates);
  }

  private double measure(int number) throws InterruptedException {
    try (Resources own = resources.open(Resources::new)) {
      Contenders contenders = new Contenders(launcher, own, node, Optional.empty());
      String name = "backlog." + number;
      Load.Spec spec =
          new Load.Spec(SIZE, number + UNDER_WAY, 0, WARM_UP, seconds, Duration.ofSeconds(15));
      node.declareQueue(name + ".to_ws");
      node.declareQueue(name + ".from_ws");
      Load load =
          own.open(
              () -> Load.open(node.connectionFactory(), spec, name + ".to_ws", name + ".from_ws"));
      Contender taker = contenders.open(way, name, () -> load.fill(number));
      double rate = load.sample();
      taker.check();
      return rate;
    }
  }
}
