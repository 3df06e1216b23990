package org.messagebusbridge.sandbox.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By a {@code /proc} that was made for it, as nobody knows how often a real thread sleeps. */
class ProcessUseTest {
  @TempDir private Path proc;

  private void thread(int id, int voluntary, int others) throws IOException {
    Path folder = Files.createDirectories(proc.resolve("17/task").resolve(Integer.toString(id)));
    Files.writeString(
        folder.resolve("status"),
        """
        Name:\tjava
        State:\tS (sleeping)
        voluntary_ctxt_switches:\t%d
        nonvoluntary_ctxt_switches:\t%d
        """
            .formatted(voluntary, others));
  }

  @Test
  void countsHowOftenEachThreadWentToSleep() throws Exception {
    thread(17, 200, 7);
    thread(18, 1_000, 80_000);

    assertThat(new ProcessUse(17, proc).sleeps()).isEqualTo(1_200);
  }

  @Test
  void countsNothingOfAThreadThatEndsMeanwhileAndOfAProcessThatIsGone() throws Exception {
    thread(17, 200, 7);
    Files.createDirectories(proc.resolve("17/task/18"));

    assertThat(new ProcessUse(17, proc).sleeps()).isEqualTo(200);
    assertThat(new ProcessUse(99, proc).sleeps()).isZero();
    assertThat(new ProcessUse(Long.MAX_VALUE).sleeps()).isZero();
  }

  @Test
  void readsTheProcOfThisMachine() {
    assertThat(new ProcessUse(ProcessHandle.current().pid()).sleeps()).isPositive();
  }
}
