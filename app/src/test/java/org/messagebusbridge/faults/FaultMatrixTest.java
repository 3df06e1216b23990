package org.messagebusbridge.faults;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.messagebusbridge.sandbox.Brokers;
import org.messagebusbridge.sandbox.RabbitVersion;
import org.messagebusbridge.sandbox.RecordedPage;
import org.messagebusbridge.sandbox.faults.Matrix;
import org.messagebusbridge.sandbox.faults.Report;
import org.messagebusbridge.sandbox.faults.Result;
import org.messagebusbridge.sandbox.faults.Row;
import org.messagebusbridge.sandbox.faults.Target;
import org.messagebusbridge.sandbox.junit.Needs;

/**
 * Every row of the fault matrix on every broker that it is for: {@code ./mbb verify -Pfaults}.
 * {@code -Dmbb.faults.rows=PATTERN} runs some of them alone, {@code -Dmbb.faults.seed=N} runs the
 * same chances again. A run of all that a table of {@code docs/faults.md} has writes that table.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultMatrixTest {
  private static final Path PAGE = Path.of("..", "docs", "faults.md");

  private final Optional<Pattern> only =
      Optional.ofNullable(System.getProperty("mbb.faults.rows"))
          .filter(pattern -> !pattern.isEmpty())
          .map(Pattern::compile);
  private final long seed =
      Optional.ofNullable(System.getProperty("mbb.faults.seed"))
          .filter(number -> !number.isEmpty())
          .map(Long::parseLong)
          .orElseGet(() -> System.nanoTime() % 1_000_000);
  private final Map<Matrix.Table, List<Result>> results = new HashMap<>();
  private final MatrixRunner runner = new MatrixRunner(seed, System.out);
  private final List<Future<String>> brokers = new ArrayList<>();
  private final Map<RabbitVersion, ExecutorService> lanes = new EnumMap<>(RabbitVersion.class);

  /** Those of one version have one node, and so come one after the other. */
  @TestFactory
  Stream<DynamicTest> losesNothing() {
    System.out.println("  Fault matrix, seed " + seed);
    List<DynamicTest> tests = new ArrayList<>();
    for (Matrix.Table table : Matrix.tables()) {
      for (Row row : table.rows()) {
        row.targets().stream()
            .filter(target -> isAsked(row, target))
            .forEach(target -> tests.add(test(table, row, target)));
      }
    }
    lanes.values().forEach(ExecutorService::shutdown);
    return tests.stream();
  }

  @AfterAll
  void end() {
    lanes.values().forEach(ExecutorService::shutdownNow);
  }

  private boolean isAsked(Row row, Target target) {
    return only.isEmpty() || only.get().matcher(row.name() + ", " + target).find();
  }

  private boolean isAskedWhole(Matrix.Table table) {
    return table.rows().stream()
        .allMatch(row -> row.targets().stream().allMatch(target -> isAsked(row, target)));
  }

  private DynamicTest test(Matrix.Table table, Row row, Target target) {
    Future<Result> running =
        lanes.computeIfAbsent(target.version(), this::lane).submit(() -> runner.run(row, target));
    return DynamicTest.dynamicTest(row.name() + ", " + target, () -> judge(table, running));
  }

  /** Its node is asked what it is before a row breaks it. */
  private ExecutorService lane(RabbitVersion version) {
    ExecutorService lane =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("matrix " + version).factory());
    brokers.add(lane.submit(() -> describe(version)));
    return lane;
  }

  private void judge(Matrix.Table table, Future<Result> running) throws Throwable {
    try {
      Result result = running.get();
      List<Result> sofar = results.computeIfAbsent(table, t -> new ArrayList<>());
      sofar.add(result);
      if (isAskedWhole(table)) {
        write(table, sofar);
      }
      MatrixRunner.judge(result);
    } catch (ExecutionException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  /** After each row, so that a run which is stopped leaves what it has. */
  private void write(Matrix.Table table, List<Result> sofar)
      throws InterruptedException, ExecutionException {
    List<String> versions = new ArrayList<>();
    for (Future<String> broker : brokers) {
      versions.add(broker.get());
    }
    String head =
        "%s; %s; JDK %s; seed %d; %d cores\n\n"
            .formatted(
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                String.join("; ", versions),
                Runtime.version(),
                seed,
                Runtime.getRuntime().availableProcessors());
    new RecordedPage(PAGE)
        .write(table.name(), head + Report.table(sofar) + "\n" + Report.notes(sofar));
  }

  private static String describe(RabbitVersion version) {
    Needs.rabbit(version);
    return Brokers.rabbit(version).name()
        + " on Erlang "
        + Brokers.rabbit(version)
            .ctl("-q", "eval", "erlang:system_info(otp_release).")
            .replace("\"", "");
  }
}
