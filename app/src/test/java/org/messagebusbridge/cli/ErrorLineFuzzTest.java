package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import net.jqwik.api.Arbitraries;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.ForeignText;
import org.messagebusbridge.Fuzz;
import org.messagebusbridge.observability.LogSetup;
import picocli.CommandLine.Command;

/** Whatever a failure says, each of its sentences is a line of standard error that begins so. */
@Tag("fuzz")
class ErrorLineFuzzTest {

  @BeforeEach
  void quiet() {
    LogSetup.silence();
  }

  @AfterEach
  void theLogAsAtTheBeginning() {
    LogSetup.install(false, false);
  }

  @Command(name = "failing")
  record Failing(Exception failure) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      throw failure;
    }
  }

  private static List<String> said(Exception failure) {
    StringWriter err = new StringWriter();
    CommandRunner.commandLine(new Failing(failure), "mbb failing")
        .setErr(new PrintWriter(err, true))
        .execute();
    assertThat(err.toString()).endsWith(System.lineSeparator());
    return List.of(err.toString().split(System.lineSeparator(), -1));
  }

  private static void assertLines(List<String> lines, int count) {
    assertThat(lines).hasSize(count + 1); // and what is behind the last line's end
    for (String line : lines.subList(0, count)) {
      assertThat(line).startsWith("error: ");
      ForeignText.assertPrintable(line);
    }
  }

  @Test
  void eachSentenceOfAFailureIsOneLine() {
    Fuzz.check(
        "ErrorLineFuzzTest#eachSentenceOfAFailureIsOneLine",
        1_500,
        ForeignText.any().list().ofMinSize(1).ofMaxSize(3),
        sentences ->
            assertLines(said(CommandException.mistake(sentences, null)), sentences.size()));
  }

  @Test
  void whatABugSaysIsOneLine() {
    Fuzz.check(
        "ErrorLineFuzzTest#whatABugSaysIsOneLine",
        1_000,
        ForeignText.any(),
        text -> assertLines(said(new IllegalStateException(text)), 1));
  }

  @Test
  void whatIsWrongWithTheArgumentsIsTwoLines() {
    Fuzz.check(
        "ErrorLineFuzzTest#whatIsWrongWithTheArgumentsIsTwoLines",
        500,
        Arbitraries.oneOf(ForeignText.any(), ForeignText.any().map(text -> "--" + text)),
        argument -> {
          StringWriter err = new StringWriter();
          CommandRunner.commandLine(new Failing(new IllegalStateException()), "mbb failing")
              .setErr(new PrintWriter(err, true))
              .execute(argument, "--no-such-option");
          for (String line : err.toString().split(System.lineSeparator(), -1)) {
            ForeignText.assertPrintable(line);
          }
          assertThat(err.toString()).startsWith("error: ");
        });
  }
}
