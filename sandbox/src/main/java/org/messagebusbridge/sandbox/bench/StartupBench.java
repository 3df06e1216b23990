package org.messagebusbridge.sandbox.bench;

import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.child.Launcher;
import org.messagebusbridge.sandbox.child.Resources;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How long the bridge takes from its start until it relays. */
@CommandLine.Command(
    name = "startup",
    header = "Measures how long the bridge takes from its start until it relays.",
    description = {
      "",
      "Beside it, in turn, a bare program that opens the same three connections with the same"
          + " libraries, JVM options and kind of class cache. The goal is a ratio of 1.3 at most.",
      ""
    })
final class StartupBench extends OnBroker {
  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each is started (${DEFAULT-VALUE}).")
  private int rounds = 15;

  @Override
  void check() {
    check("--rounds", rounds, 1, 1_000);
  }

  @Override
  boolean measure(RabbitVersion version, Resources resources) throws InterruptedException {
    RabbitNode node = resources.open(() -> RabbitNode.start(version));
    Progress progress = progress();
    Startup startup =
        new StartupRun(Launcher.fromEnvironment(), node, resources).measure(rounds, progress::show);
    progress.clear();
    startup.lines().forEach(this::say);
    say(Goal.start(startup).line());
    return true;
  }
}
