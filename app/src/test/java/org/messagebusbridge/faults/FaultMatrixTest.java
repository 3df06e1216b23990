package org.messagebusbridge.faults;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.messagebusbridge.sandbox.faults.Matrix;

/**
 * Every row of the fault matrix on every broker that it is for: {@code ./mbb verify -Pfaults}.
 * {@code -Dmbb.faults.rows=PATTERN} runs some of them alone, {@code -Dmbb.faults.seed=N} runs the
 * same chances again.
 */
@Tag("faults")
class FaultMatrixTest {
  private final Optional<Pattern> only =
      Optional.ofNullable(System.getProperty("mbb.faults.rows"))
          .filter(pattern -> !pattern.isEmpty())
          .map(Pattern::compile);
  private final long seed = Long.getLong("mbb.faults.seed", System.nanoTime());

  @TestFactory
  Stream<DynamicTest> losesNothing() {
    MatrixRunner runner = new MatrixRunner(seed, System.out);
    System.out.println("  Fault matrix, seed " + seed);
    return Matrix.rows().stream()
        .flatMap(
            row ->
                row.targets().stream()
                    .filter(
                        target ->
                            only.isEmpty() || only.get().matcher(row.name() + ", " + target).find())
                    .map(
                        target ->
                            DynamicTest.dynamicTest(
                                row.name() + ", " + target, () -> runner.run(row, target))));
  }
}
