package org.messagebusbridge.tester;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.messagebusbridge.amqp.AmqpConfig;

/**
 * All that a report can say of a run.
 *
 * @param version the tester's
 * @param exitCode what the process ends with
 * @param maxP99 what the 99th percentile was allowed to be
 */
record Report(
    String version,
    AmqpConfig config,
    Plan plan,
    MessageLog log,
    Outcome outcome,
    int exitCode,
    Optional<Duration> maxP99) {

  /** By the computer's clock as it was when the run began. */
  Instant time(long nanos) {
    return outcome.started().plusNanos(nanos - outcome.startNanos());
  }

  /** In milliseconds from the begin of the run. */
  double millis(long nanos) {
    return (nanos - outcome.startNanos()) / 1e6;
  }
}
