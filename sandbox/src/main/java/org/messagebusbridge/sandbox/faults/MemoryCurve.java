package org.messagebusbridge.sandbox.faults;

import java.util.ArrayList;
import java.util.List;

/** Samples of resident memory over a run, and whether they stay where they were. Thread-safe. */
final class MemoryCurve {

  /** A quarter more, and what a JVM takes for code that it compiles late. */
  private static final double MOST_GROWTH = 1.25;

  private static final long LATE_KIB = 24 * 1024;

  private final List<Long> samples = new ArrayList<>();

  synchronized void add(long kib) {
    samples.add(kib);
  }

  /** The median of the first quarter of the samples, in KiB; 0 without any. */
  synchronized long first() {
    return median(samples.subList(0, (samples.size() + 3) / 4));
  }

  /** The median of the last quarter of the samples, in KiB; 0 without any. */
  synchronized long last() {
    return median(samples.subList(samples.size() - (samples.size() + 3) / 4, samples.size()));
  }

  /** Whether the last quarter is at most a quarter and 24 MiB above the first. */
  boolean isFlat() {
    return last() <= first() * MOST_GROWTH + LATE_KIB;
  }

  private static long median(List<Long> some) {
    return some.isEmpty() ? 0 : some.stream().sorted().toList().get(some.size() / 2);
  }
}
