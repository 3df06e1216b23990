package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class LastResortTest {
  @TempDir private Path folder;

  /** A bridge whose end needs a class that is out of reach. */
  static final class CannotEnd {
    private CannotEnd() {}

    public static void main(String[] arguments) throws InterruptedException {
      LastResort.guard(
          failure -> {
            throw new NoClassDefFoundError("org/example/End");
          });
      Thread.ofPlatform()
          .name("keeper")
          .start(
              () -> {
                throw new IllegalStateException("out of step");
              });
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  @Test
  void whatCannotEvenEndInOrderEndsAtOnceWithASentence() throws Exception {
    RealJava.Run run =
        new RealJava(folder)
            .run("-cp", System.getProperty("java.class.path"), CannotEnd.class.getName());

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).hasSize(2);
    assertThat(run.err().getFirst())
        .contains("A thread ended that should not have  thread=keeper", "out of step");
    assertThat(run.err().getLast())
        .contains("The bridge met what it cannot go on after", "Start it again");
  }
}
