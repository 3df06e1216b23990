package org.messagebusbridge.tester;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.messagebusbridge.amqp.AmqpConfig;
import org.messagebusbridge.tester.Console.Severity;

/**
 * What a run closes with: the verdict, the reports and the figures.
 *
 * @param maxP99 what the 99th percentile of the round trips may be at most
 * @param files the reports that are asked for
 */
record Closing(Console console, Optional<Duration> maxP99, List<ReportFile> files) {

  private static final int OK = 0;
  private static final int FAILED = 1;

  /** Writes and prints all; returns the exit code. */
  int close(AmqpConfig config, Plan plan, MessageLog log, Outcome outcome) {
    int exitCode = verdict(outcome);
    String version = new Version().getVersion()[0];
    Report report = new Report(version, config, plan, log, outcome, exitCode, maxP99);
    for (ReportFile file : files) {
      try {
        file.write(report);
      } catch (IOException e) {
        console.complain(Severity.ERROR, e.getMessage() + ".");
        exitCode = FAILED;
      }
    }
    Summary summary = outcome.summary();
    if (files.stream().anyMatch(file -> file.form() instanceof CsvReport)) {
      console.line(
          "Number of messages reconciled: %d of %d".formatted(summary.returned(), summary.sent()));
    }
    summary.rates().ifPresent(console::line);
    console.line(summary.line());
    return exitCode;
  }

  private int verdict(Outcome outcome) {
    Summary summary = outcome.summary();
    int exitCode = summary.lost() == 0 ? OK : FAILED;
    if (outcome.ending() instanceof Ending.Failed(String sentence)) {
      console.complain(Severity.ERROR, sentence);
      exitCode = FAILED;
    }
    if (outcome.ending() instanceof Ending.Interrupted) {
      exitCode = FAILED;
    }
    Duration p99 = summary.roundTrips().p99();
    if (maxP99.isPresent() && p99.compareTo(maxP99.get()) > 0) {
      console.complain(
          Severity.ERROR,
          "The 99th percentile of the round trips is %s, above the %s of --max-p99."
              .formatted(RoundTrips.millis(p99), RoundTrips.millis(maxP99.get())));
      exitCode = FAILED;
    }
    return exitCode;
  }
}
