package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What came of a row on one target.
 *
 * @param perSecond messages sent a second, of the slower direction, while the load flowed; 0 when
 *     the row has a load of its own
 * @param recoveries after each fault, in order
 * @param peakResidentKib the most of any bridge; empty when it is not known
 * @param failures a sentence for each thing that may not be; empty when all is well
 */
public record Result(
    String row,
    String target,
    int faults,
    Tally.Sum toWs,
    Tally.Sum fromWs,
    long requeued,
    int perSecond,
    List<Duration> recoveries,
    OptionalLong peakResidentKib,
    Duration took,
    List<String> notes,
    List<String> failures) {

  public Result {
    recoveries = List.copyOf(recoveries);
    notes = List.copyOf(notes);
    failures = List.copyOf(failures);
  }

  /** Whether nothing happened that may not. */
  public boolean isGood() {
    return failures.isEmpty();
  }

  /** How many messages were lost, both ways. */
  public int lost() {
    return toWs.lost() + fromWs.lost();
  }

  /** How long it took to get back to the full rate: the median; zero when nothing was timed. */
  public Duration medianRecovery() {
    return recoveries.isEmpty()
        ? Duration.ZERO
        : recoveries.stream().sorted().toList().get(recoveries.size() / 2);
  }

  /** How long it took to get back to the full rate at worst; zero when nothing was timed. */
  public Duration worstRecovery() {
    return recoveries.stream().max(Duration::compareTo).orElse(Duration.ZERO);
  }
}
