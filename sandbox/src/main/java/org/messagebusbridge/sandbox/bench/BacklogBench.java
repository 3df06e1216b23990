package org.messagebusbridge.sandbox.bench;

import java.util.List;
import java.util.Set;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether the bridge is as fast with a long queue before it as with a short one. */
@Command(
    name = "backlog",
    header = "Measures the bridge with few and with many messages waiting in its queue.",
    description = {
      "",
      "For each number a bridge is started on a queue that holds so many, and as many as come back"
          + " are sent again, so that they stay. The goal is the same rate within 10 %%.",
      ""
    })
final class BacklogBench extends OnBroker {
  static final List<Integer> WAITING = List.of(10, 100, 1_000_000);
  private static final Set<Way> WAYS =
      Set.of(Way.PONG, Way.FLUSH, Way.WSS, Way.LOOPBACK, Way.FLOOR);

  @Option(
      names = "--waiting",
      paramLabel = "N",
      split = ",",
      description = "How many messages wait (10,100,1000000).")
  private List<Integer> waiting = WAITING;

  @Option(
      names = "--way",
      paramLabel = "WAY",
      description =
          "What takes from the queue: pong (the default), flush, wss, loopback, or floor, which"
              + " shows what the broker itself makes of a long queue.")
  private Way way = Way.PONG;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each is measured, in turn (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each is measured (${DEFAULT-VALUE}).")
  private int seconds = 8;

  @Override
  void check() {
    check("--rounds", rounds, 1, 100);
    check("--seconds", seconds, 1, 60);
    if (!WAYS.contains(way)) {
      throw wrong("--way is pong, flush, wss, loopback or floor, not '%s'".formatted(way.label()));
    }
    waiting.forEach(number -> check("--waiting", number, 1, 5_000_000));
  }

  @Override
  boolean measure(RabbitVersion version, Resources resources) throws InterruptedException {
    RabbitNode node = resources.open(() -> RabbitNode.start(version));
    say("%s; %d rounds of %d s in turn, medians".formatted(node.name(), rounds, seconds));
    Progress progress = progress();
    Backlog backlog =
        new BacklogRun(Launcher.fromEnvironment(), resources, node, way, seconds)
            .measure(waiting, rounds, progress::show);
    progress.clear();
    backlog.lines().forEach(this::say);
    say(Goal.backlog(backlog).line());
    return true;
  }
}
