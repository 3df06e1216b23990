package org.messagebusbridge.bus;

import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;

/** One line for each contract run, in the test report: the exact numbers. */
final class ContractSummary {
  private ContractSummary() {}

  static void write(
      String contract, BusFixture fixture, TestInfo test, TestReporter reporter, Numbers numbers) {
    String line =
        "%-40s %-68s sent=%d received=%d confirmed=%d requeued=%d"
            .formatted(
                fixture.name(),
                test.getTestMethod().orElseThrow().getName(),
                numbers.sent,
                numbers.received,
                numbers.confirmed,
                numbers.requeued);
    reporter.publishEntry(contract, line);
  }

  /** What happened to the messages of one run. */
  record Numbers(long sent, long received, long confirmed, long requeued) {}
}
