package org.messagebusbridge.sandbox.bench;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.messagebusbridge.sandbox.RabbitCluster;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;

/**
 * The other benchmarks, one after the other: start, long queue, fleets on one node and on a
 * cluster. Used by one thread.
 *
 * @param rounds of the ways; of these there are as many in proportion
 * @param progress hears a line when something begins
 * @param done hears the result of each as lines of text
 */
record ExtrasRun(
    Launcher launcher,
    Resources resources,
    int rounds,
    Consumer<String> progress,
    Consumer<List<String>> done) {

  private static final int USUAL_ROUNDS = 5;
  private static final int STARTS = 15;
  private static final int BACKLOG_ROUNDS = 3;
  private static final int BACKLOG_SECONDS = 5;
  private static final int GROWTH_ROUNDS = 2;
  private static final int GROWTH_SECONDS = 3;

  /** Measures, and stops the node on the way: the cluster's three have to share the cores, too. */
  Results.Extras measure(RabbitNode node) throws InterruptedException {
    Startup startup = startup(node);
    done.accept(startup.lines());
    Backlog backlog =
        new BacklogRun(launcher, resources, node, Way.PONG, BACKLOG_SECONDS)
            .measure(BacklogBench.WAITING, inProportion(BACKLOG_ROUNDS), progress);
    done.accept(backlog.lines());
    Growth onNode =
        new GrowthRun(launcher, resources, node, GROWTH_SECONDS)
            .measure(inProportion(GROWTH_ROUNDS), progress);
    done.accept(onNode.lines());
    node.stop();
    RabbitCluster cluster = resources.open(() -> RabbitCluster.start(RabbitVersion.V4_0));
    Growth onCluster =
        new GrowthRun(launcher, resources, cluster, GROWTH_SECONDS)
            .measure(inProportion(GROWTH_ROUNDS), progress);
    done.accept(onCluster.lines());
    return new Results.Extras(
        Optional.of(startup), Optional.of(backlog), List.of(onNode, onCluster));
  }

  private Startup startup(RabbitNode node) throws InterruptedException {
    try (Resources own = resources.open(Resources::new)) {
      return new StartupRun(launcher, node, own).measure(inProportion(STARTS), progress);
    }
  }

  private int inProportion(int count) {
    return Math.max(1, count * rounds / USUAL_ROUNDS);
  }
}
