package org.messagebusbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many files and connections the process may have open. With too few the JVM cannot even read
 * its classes, and says so in ways that nobody understands.
 */
final class OpenFiles {
  /** For the jars of the class path and the connections of a bridge without clients. */
  private static final long LEAST = 100;

  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern LIMIT = Pattern.compile("Max open files +(\\d+) .*");

  private OpenFiles() {}

  /** What is wrong with the limit; empty: nothing, or this is no Linux. */
  static Optional<String> flaw() {
    List<String> limits;
    try {
      limits = Files.readAllLines(LIMITS);
    } catch (IOException e) {
      return Files.exists(LIMITS) ? Optional.of(flaw("too few")) : Optional.empty();
    }
    for (String line : limits) {
      Matcher limit = LIMIT.matcher(line);
      if (limit.matches() && Long.parseLong(limit.group(1)) < LEAST) {
        return Optional.of(flaw("only " + limit.group(1)));
      }
    }
    return Optional.empty();
  }

  private static String flaw(String count) {
    return "this process may open "
        + count
        + " files and connections at a time, and needs "
        + LEAST
        + " at least: raise its limit (ulimit -n; LimitNOFILE of systemd; ulimits of a container).";
  }
}
