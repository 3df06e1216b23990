package org.messagebusbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.RabbitCluster;
import org.messagebusbridge.sandbox.faults.BridgeKind;
import org.messagebusbridge.sandbox.faults.BridgeUnderTest;
import org.messagebusbridge.sandbox.faults.ChildBridge;
import org.messagebusbridge.sandbox.faults.FaultRun;
import org.messagebusbridge.sandbox.faults.LineLog;
import org.messagebusbridge.sandbox.faults.MutedBridge;
import org.messagebusbridge.sandbox.faults.Report;
import org.messagebusbridge.sandbox.faults.Result;
import org.messagebusbridge.sandbox.faults.Row;
import org.messagebusbridge.sandbox.faults.Target;
import org.messagebusbridge.sandbox.junit.Needs;

/** Runs rows on the nodes that all tests share, and keeps what came of them. */
final class MatrixRunner {
  private static final Path LOGS = Path.of("target", "faults");

  private final long seed;
  private final PrintStream out;

  /**
   * @param seed of all that is random
   * @param out has a line about each result
   */
  MatrixRunner(long seed, PrintStream out) {
    this.seed = seed;
    this.out = out;
  }

  private static BridgeUnderTest.Starter starter(BridgeKind kind, LineLog log) {
    return switch (kind) {
      case SHIPPED -> ChildBridge.by(ShippedBridge.launcher(), log);
      case FULL_DISK ->
          MutedBridge.of(ChildBridge.by(ShippedBridge.launcherWithOutputTo("/dev/full"), log));
      case OWN_CLOCK -> ClockedBridge::start;
    };
  }

  /** Runs a row on bridges of its kind, and says what came of it. */
  Result run(Row row, Target target) throws InterruptedException {
    Needs.rabbit(target.version());
    row.setup().guest().ifPresent(guest -> Needs.peer(guest.peer()));
    String file = (row.name() + "-" + target).replaceAll("[^A-Za-z0-9.]+", "-") + ".log";
    try (LineLog log = new LineLog(LOGS.resolve(file))) {
      Result result =
          onBroker(
              target,
              broker ->
                  new FaultRun(
                          broker, starter(row.bridges(), log), seed, text -> log.add("-- " + text))
                      .run(row, target));
      String failures =
          result.failures().stream()
              .map(failure -> "\n         " + failure)
              .collect(Collectors.joining());
      out.println("  " + Report.line(result) + failures);
      return result;
    }
  }

  /** Asserts that all is well. */
  static void judge(Result result) {
    assertThat(result.failures())
        .as("%s, %s; the bridge's log is in %s", result.row(), result.target(), LOGS)
        .isEmpty();
  }

  private interface Use {
    Result of(Broker broker) throws InterruptedException;
  }

  private static Result onBroker(Target target, Use use) throws InterruptedException {
    if (!target.cluster()) {
      return use.of(Brokers.rabbit(target.version()));
    }
    try (RabbitCluster cluster = RabbitCluster.start(target.version())) {
      return use.of(cluster);
    }
  }
}
