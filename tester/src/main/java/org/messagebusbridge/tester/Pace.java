package org.messagebusbridge.tester;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many a second, of a count that grows, over the last seconds. Used by one thread. */
final class Pace {

  private static final long SPAN = Duration.ofSeconds(3).toNanos();

  private record Reading(long nanos, long count) {}

  private final Deque<Reading> readings = new ArrayDeque<>();

  /**
   * Takes a reading.
   *
   * @param nanos later than the last
   * @return how many a second; 0 at the first reading
   */
  double at(long nanos, long count) {
    readings.addLast(new Reading(nanos, count));
    while (readings.size() > 2 && nanos - readings.getFirst().nanos() > SPAN) {
      readings.removeFirst();
    }
    Reading first = readings.getFirst();
    return first.nanos() == nanos ? 0 : (count - first.count()) * 1e9 / (nanos - first.nanos());
  }
}
