package org.messagebusbridge.tester;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** The round trips in classes whose width grows with them, as latencies are looked at. */
final class Buckets {

  /** How much longer the longest of a class is than its shortest: 12 of them make a factor of 8. */
  private static final double GROWTH = Math.pow(2, 0.25);

  private Buckets() {}

  /**
   * One class.
   *
   * @param fromMicros inclusive
   * @param toMicros exclusive
   */
  record Bucket(long fromMicros, long toMicros, long count) {}

  /** Classes without a gap, from the shortest to the longest; none when nothing came back. */
  static List<Bucket> of(Histogram micros) {
    List<Bucket> buckets = new ArrayList<>();
    if (micros.getTotalCount() == 0) {
      return buckets;
    }
    long from = Math.max(1, micros.getMinValue());
    long to = next(from);
    long count = 0;
    for (HistogramIterationValue value : micros.recordedValues()) {
      long at = value.getValueIteratedTo();
      while (at >= to) {
        buckets.add(new Bucket(from, to, count));
        count = 0;
        from = to;
        to = next(from);
      }
      count += value.getCountAddedInThisIterationStep();
    }
    buckets.add(new Bucket(from, to, count));
    return buckets;
  }

  private static long next(long from) {
    return Math.max(from + 1, Math.round(from * GROWTH));
  }
}
