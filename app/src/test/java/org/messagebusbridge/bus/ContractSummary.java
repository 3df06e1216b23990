package org.messagebusbridge.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;

/**
 * One line for each contract run: the exact numbers, to the test report and to {@code
 * target/contracts/*.txt}.
 */
final class ContractSummary {
  private static final Path DIRECTORY = Path.of("target", "contracts");

  /** The files that are this run's, and not an earlier one's. */
  private static final Set<Path> BEGUN = ConcurrentHashMap.newKeySet();

  private ContractSummary() {}

  static void write(
      String contract, BusFixture fixture, TestInfo test, TestReporter reporter, Numbers numbers)
      throws IOException {
    String line =
        "%-40s %-68s sent=%d received=%d confirmed=%d requeued=%d%n"
            .formatted(
                fixture.name(),
                test.getTestMethod().orElseThrow().getName(),
                numbers.sent,
                numbers.received,
                numbers.confirmed,
                numbers.requeued);
    reporter.publishEntry(contract, line.strip());
    Path file = DIRECTORY.resolve(contract.toLowerCase(Locale.ROOT) + ".txt");
    Files.createDirectories(DIRECTORY);
    if (BEGUN.add(file)) {
      Files.deleteIfExists(file);
    }
    Files.writeString(file, line, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** What happened to the messages of one run. */
  record Numbers(long sent, long received, long confirmed, long requeued) {}
}
