package org.messagebusbridge.sandbox.bench;

import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.RabbitCluster;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How throughput and cost grow with instances and with queues. */
@CommandLine.Command(
    name = "growth",
    header = "Measures how throughput and its cost grow with instances and with queues.",
    description = {
      "",
      "1, 2 and 4 instances of the bridge on one queue; 1, 2, 4 and 8 queues with a bridge each; on"
          + " one node, or with --cluster on three nodes of RabbitMQ 4.0 with quorum queues. All of"
          + " it shares the cores of this machine, so past the first it is the cost that tells.",
      ""
    })
final class GrowthBench extends OnBroker {
  @Option(
      names = "--cluster",
      description = "Three nodes of RabbitMQ 4.0 and quorum queues, instead of one node.")
  private boolean cluster;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each is measured, in turn (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each is measured (${DEFAULT-VALUE}).")
  private int seconds = 5;

  @Override
  void check() {
    check("--rounds", rounds, 1, 100);
    check("--seconds", seconds, 1, 60);
  }

  @Override
  boolean measure(RabbitVersion version, Resources resources) throws InterruptedException {
    Broker broker =
        resources.open(
            () -> cluster ? RabbitCluster.start(RabbitVersion.V4_0) : RabbitNode.start(version));
    say("%s; %d rounds of %d s in turn, medians".formatted(broker.name(), rounds, seconds));
    Progress progress = progress();
    Growth growth =
        new GrowthRun(Launcher.fromEnvironment(), resources, broker, seconds)
            .measure(rounds, progress::show);
    progress.clear();
    growth.lines().forEach(this::say);
    return growth.isClean();
  }
}
