package org.messagebusbridge.sandbox.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.sandbox.SandboxException;

@Timeout(180)
class SignalTest {
  private static final int BY_SIGNAL = 128;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Process process;

  @BeforeEach
  void start() throws Exception {
    process = new ProcessBuilder("cat").start();
    assertThat(answer("ready")).isEqualTo("ready");
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  private String answer(String line) throws Exception {
    process.outputWriter().write(line + "\n");
    process.outputWriter().flush();
    BufferedReader reader = process.inputReader();
    return reader.readLine();
  }

  /** Third field of proc(5)'s stat: the state. */
  private char state() throws Exception {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }

  @Test
  void makesAProcessStandStillAndGoOn() throws Exception {
    Signal.STOP.to(process.pid());
    while (state() != 'T') {
      Thread.onSpinWait();
    }
    Signal.CONT.to(process.pid());

    assertThat(answer("on")).isEqualTo("on");
  }

  @Test
  void endsAProcess() throws Exception {
    Signal.TERM.to(process.pid());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(BY_SIGNAL + 15);
  }

  @Test
  void endsAProcessThatStandsStill() throws Exception {
    Signal.STOP.to(process.pid());
    Signal.KILL.to(process.pid());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(BY_SIGNAL + 9);
  }

  @Test
  void saysWhenThereIsNoSuchProcess() throws Exception {
    Signal.KILL.to(process.pid());
    process.waitFor();

    assertThatThrownBy(() -> Signal.CONT.to(process.pid()))
        .isInstanceOf(SandboxException.class)
        .hasMessage("SIGCONT did not reach process " + process.pid());
  }
}
