package org.messagebusbridge.sandbox.bench;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/**
 * One way under one load: a sample of each round.
 *
 * @param peakResidentKib of its processes, since they started, after the last round
 */
record Row(Workload load, Way way, List<Sample> samples, OptionalLong peakResidentKib) {

  Row {
    samples = List.copyOf(samples);
  }

  double trips() {
    return median(sample -> sample.figures().overall());
  }

  double p50Millis() {
    return median(sample -> sample.figures().p50Millis());
  }

  double p99Millis() {
    return median(sample -> sample.figures().p99Millis());
  }

  double p999Millis() {
    return median(sample -> sample.figures().p999Millis());
  }

  OptionalDouble cpuMicros() {
    return Median.of(
        samples.stream().flatMap(sample -> sample.use().stream()).mapToDouble(Use::cpuMicros));
  }

  double brokerMicros() {
    return median(Sample::brokerMicros);
  }

  double loadMicros() {
    return median(Sample::loadMicros);
  }

  double sleeps() {
    return median(Sample::sleeps);
  }

  OptionalDouble allocatedBytes() {
    return Median.of(
        samples.stream()
            .flatMap(sample -> sample.use().stream())
            .flatMap(use -> use.allocatedBytes().stream().boxed())
            .mapToDouble(Double::doubleValue));
  }

  OptionalDouble peakMib() {
    return peakResidentKib.isPresent()
        ? OptionalDouble.of(peakResidentKib.getAsLong() / 1_024.0)
        : OptionalDouble.empty();
  }

  long sent() {
    return sum(Figures::sent);
  }

  long lost() {
    return sum(Figures::lost);
  }

  long duplicated() {
    return sum(Figures::duplicated);
  }

  long outOfOrder() {
    return sum(Figures::outOfOrder);
  }

  private long sum(ToDoubleFunction<Figures> count) {
    return (long) samples.stream().map(Sample::figures).mapToDouble(count).sum();
  }

  private double median(ToDoubleFunction<Sample> value) {
    return Median.of(samples.stream().mapToDouble(value)).orElse(Double.NaN);
  }
}
