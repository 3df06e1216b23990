package org.messagebusbridge.sandbox.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SoakTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int soak(String... arguments) {
    CommandLine commandLine = Soak.commandLine();
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  @Test
  void helpShowsExamples() {
    assertThat(soak("--help")).isZero();
    assertThat(out.toString()).contains("mbb soak --minutes 30 --write docs/faults.md");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"--minutes,0", "--minutes,1441", "--minutes,x", "--rabbit,3.13", "--seed,y"})
  void refusesWhatItCannotDo(String option, String value) {
    assertThat(soak(option, value)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines()).hasSize(2).first().asString().startsWith("error: ");
  }

  @Test
  void memoryIsFlatUnlessItsLastQuarterIsWellAboveTheFirst() {
    MemoryCurve curve = new MemoryCurve();
    for (int i = 0; i < 100; i++) {
      curve.add(100_000 + (i % 10));
    }
    assertThat(curve.isFlat()).isTrue();
    for (int i = 0; i < 100; i++) {
      curve.add(200_000);
    }
    assertThat(curve.isFlat()).isFalse();
  }

  @Test
  void aProgressLineIsRewrittenOnATerminalAlone() {
    new ProgressLine(new PrintWriter(out), true).show("one");
    assertThat(out.toString()).isEqualTo("\r\033[Kone");
    StringWriter file = new StringWriter();
    new ProgressLine(new PrintWriter(file), false).show("one");
    assertThat(file.toString()).isEmpty();
  }
}
