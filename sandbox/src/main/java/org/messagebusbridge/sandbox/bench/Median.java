package org.messagebusbridge.sandbox.bench;

import java.util.Collection;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** The middle of some values; of an even number of them the mean of the two in the middle. */
final class Median {
  private Median() {}

  /** NaN when there are none. */
  static double of(Collection<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue)).orElse(Double.NaN);
  }

  /** Empty when there are none. */
  static OptionalDouble of(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2);
  }
}
