package org.messagebusbridge.sandbox.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Reads the counters that a JVM of the same JDK keeps, by its tool {@code jstat}. */
final class Jstat {
  private static final double KIB = 1_024;

  private Jstat() {}

  /**
   * What was allocated in the young generation: each collection empties an eden that was full.
   * Empty when it cannot be known.
   */
  static OptionalDouble allocatedBytes(long pid) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jstat").toString(),
                  "-gc",
                  Long.toString(pid))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String table = new String(process.getInputStream().readAllBytes(), US_ASCII);
      return process.waitFor() == 0 ? parse(table) : OptionalDouble.empty();
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }

  /** Of {@code jstat -gc}: a line of names, EC, EU (KiB) and YGC among them, and one of values. */
  static OptionalDouble parse(String table) {
    List<String[]> rows = new ArrayList<>();
    table.lines().map(line -> line.strip().split("\\s+")).forEach(rows::add);
    if (rows.size() != 2 || rows.get(0).length != rows.get(1).length) {
      return OptionalDouble.empty();
    }
    List<String> names = List.of(rows.get(0));
    String[] values = rows.get(1);
    if (!names.containsAll(List.of("EC", "EU", "YGC"))) {
      return OptionalDouble.empty();
    }
    double capacity = Double.parseDouble(values[names.indexOf("EC")]);
    double used = Double.parseDouble(values[names.indexOf("EU")]);
    double collections = Double.parseDouble(values[names.indexOf("YGC")]);
    return OptionalDouble.of((collections * capacity + used) * KIB);
  }
}
