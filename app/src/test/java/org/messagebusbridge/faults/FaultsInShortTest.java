package org.messagebusbridge.faults;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.sandbox.faults.BrokerRows;
import org.messagebusbridge.sandbox.faults.ProcessRows;
import org.messagebusbridge.sandbox.faults.Row;
import org.messagebusbridge.sandbox.faults.Setup;
import org.messagebusbridge.sandbox.faults.Target;
import org.messagebusbridge.sandbox.faults.WebSocketRows;

/**
 * A short cut of the fault matrix for every build: one broker a row, a few faults each, and half
 * the rate, as other tests have warmed the machine up.
 */
@Timeout(180)
class FaultsInShortTest {
  private record Case(Row row, Target target) {}

  @TestFactory
  Stream<DynamicTest> losesNothing() {
    MatrixRunner runner = new MatrixRunner(20_261_124, System.out);
    return Stream.of(
            new Case(WebSocketRows.cuts(10), Target.RABBIT_3_10),
            new Case(WebSocketRows.closed(1009, 2), Target.RABBIT_4_0_QUORUM),
            new Case(BrokerRows.killed(1), Target.RABBIT_3_10),
            new Case(ProcessRows.killed(2), Target.RABBIT_4_0_QUORUM),
            new Case(ProcessRows.terminated(3), Target.RABBIT_4_0_QUORUM))
        .map(
            some ->
                DynamicTest.dynamicTest(
                    some.row().name() + ", " + some.target(),
                    () ->
                        MatrixRunner.judge(
                            runner.run(some.row().with(atHalfRate(some.row())), some.target()))));
  }

  private static Setup atHalfRate(Row row) {
    return row.setup().perSecond(1_000);
  }
}
