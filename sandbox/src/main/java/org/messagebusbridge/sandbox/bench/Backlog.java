package org.messagebusbridge.sandbox.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How fast the bridge was with so many messages waiting in its queue.
 *
 * @param rates round trips a second of each round, by the number that waited
 */
record Backlog(Map<Integer, List<Double>> rates) {

  Backlog {
    rates = new LinkedHashMap<>(rates);
  }

  /** Round trips a second with so many waiting, the median. */
  double rate(int waiting) {
    return Median.of(rates.getOrDefault(waiting, List.of()));
  }

  /** The slowest of them as a share of the fastest. */
  double evenness() {
    List<Double> medians = rates.values().stream().map(Median::of).toList();
    return medians.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN)
        / medians.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
  }

  /** As lines of text. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(List.of("   waiting   trips/s"));
    for (int waiting : rates.keySet()) {
      lines.add(String.format(Locale.ROOT, "%10d %9.0f", waiting, rate(waiting)));
    }
    return lines;
  }
}
