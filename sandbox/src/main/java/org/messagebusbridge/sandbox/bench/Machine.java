package org.messagebusbridge.sandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.messagebusbridge.sandbox.child.Version;

/** What a result was measured with and on: versions, cores and, on Linux, the processor. */
final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Machine() {}

  static String describe() {
    return "%s, JDK %s, %s %s, everything on %d cores%s"
        .formatted(
            String.join(" ", new Version().getVersion()),
            Runtime.version(),
            System.getProperty("os.name"),
            System.getProperty("os.version").replaceAll("-.*", ""),
            Runtime.getRuntime().availableProcessors(),
            processor());
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> " (" + line.substring(line.indexOf(':') + 1).strip() + ")")
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
