package org.messagebusbridge.sandbox.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the tester's output says, line by line. */
sealed interface TesterOutput {

  /**
   * A message came back.
   *
   * @param number its number, from 1
   */
  record CameBack(int number, Duration roundTrip) implements TesterOutput {}

  /**
   * The last line.
   *
   * @param times the round trips in words; empty when nothing came back
   */
  record Totals(int sent, int received, int lost, int duplicated, String times)
      implements TesterOutput {}

  /** What a line says; empty for one that says nothing of interest here. */
  static Optional<TesterOutput> parse(String line) {
    Matcher back = Patterns.CAME_BACK.matcher(line);
    if (back.matches()) {
      Duration roundTrip =
          Duration.ofHours(Long.parseLong(back.group(2)))
              .plusMinutes(Long.parseLong(back.group(3)))
              .plusSeconds(Long.parseLong(back.group(4)))
              .plusNanos(1_000 * Long.parseLong(back.group(5)));
      return Optional.of(new CameBack(Integer.parseInt(back.group(1)), roundTrip));
    }
    Matcher totals = Patterns.TOTALS.matcher(line);
    if (totals.matches()) {
      return Optional.of(
          new Totals(
              Integer.parseInt(totals.group(1)),
              Integer.parseInt(totals.group(2)),
              Integer.parseInt(totals.group(3)),
              Integer.parseInt(totals.group(4)),
              totals.group(5)));
    }
    return Optional.empty();
  }

  /** The forms of the lines. */
  final class Patterns {
    private static final Pattern CAME_BACK =
        Pattern.compile(
            "Turnaround time for 'Test msg #(\\d+) .*': (\\d+):(\\d\\d):(\\d\\d)\\.(\\d{6})");
    private static final Pattern TOTALS =
        Pattern.compile(
            "Sent (\\d+), received (\\d+), lost (\\d+), duplicated (\\d+), foreign"
                + " \\d+[^;]*(?:; )?(.*)");

    private Patterns() {}
  }
}
