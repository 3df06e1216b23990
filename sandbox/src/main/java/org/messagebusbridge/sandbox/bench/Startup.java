package org.messagebusbridge.sandbox.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How long starts took, in milliseconds from exec until all connections stand.
 *
 * @param bridge the bridge, ready to relay
 * @param bare a program that does nothing but connect
 */
record Startup(List<Double> bridge, List<Double> bare) {

  /** Each once or more often. */
  Startup {
    bridge = List.copyOf(bridge);
    bare = List.copyOf(bare);
  }

  double ratio() {
    return Median.of(bridge) / Median.of(bare);
  }

  /** As lines of text. */
  List<String> lines() {
    return Stream.concat(Stream.of("start"), Stream.of(line("bridge", bridge), line("bare", bare)))
        .toList();
  }

  private static String line(String name, List<Double> millis) {
    return String.format(
        Locale.ROOT,
        "%-9s median %5.0f ms, from %5.0f to %5.0f ms in %d starts",
        name,
        Median.of(millis),
        millis.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        millis.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
        millis.size());
  }
}
