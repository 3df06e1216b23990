package org.messagebusbridge.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@ResourceLock("the log")
class LogSetupTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ";

  private final Logger ours = LoggerFactory.getLogger("org.messagebusbridge.websocket.Wire");
  private final Logger theirs = LoggerFactory.getLogger("com.rabbitmq.client.impl.Something");
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterEach
  void asAtTheBeginning() {
    LogSetup.install(false, false);
  }

  private void install(boolean verbose, boolean debug, boolean colour) {
    LogSetup.install(verbose, debug, sink(out, colour), sink(err, colour));
  }

  private static ConsoleSink sink(OutputStream to, boolean colour) {
    var stream = new ConsoleSink.Stream(new PrintStream(to, true, StandardCharsets.UTF_8), colour);
    return new ConsoleSink(stream, stream);
  }

  private static List<String> lines(ByteArrayOutputStream stream) {
    assertThat(LogSetup.flush()).isTrue();
    return stream.toString(StandardCharsets.UTF_8).lines().map(LogSetupTest::timeless).toList();
  }

  private static String timeless(String line) {
    assertThat(line).matches(TIME + ".*");
    return line.replaceFirst(TIME, "");
  }

  private void oneOfEach(Logger log) {
    log.trace("trace");
    log.debug("debug");
    log.info("info");
    log.warn("warn");
    log.error("error");
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, ''",
    "true, false, INFO",
    "false, true, DEBUG",
    "true, true, DEBUG INFO",
  })
  void verboseAndDebugAddOneLevelEachAndWarningsAreAlwaysLogged(
      boolean verbose, boolean debug, String levels) {
    install(verbose, debug, false);

    oneOfEach(ours);

    assertThat(lines(out)).map(line -> line.split(" ", 2)[0]).isEqualTo(words(levels));
    assertThat(lines(err)).containsExactly("WARN  websocket  warn", "ERROR websocket  error");
  }

  private static List<String> words(String levels) {
    return levels.isEmpty() ? List.of() : List.of(levels.split(" ", -1));
  }

  @Test
  void ofLibrariesWarningsAloneAreLogged() {
    install(true, true, false);

    oneOfEach(theirs);

    assertThat(lines(out)).isEmpty();
    assertThat(lines(err)).containsExactly("WARN  rabbitmq   warn", "ERROR rabbitmq   error");
  }

  @Test
  void keyValuesFollowTheMessageInTheirOrder() {
    install(true, false, false);

    ours.atInfo()
        .addKeyValue("code", 1006)
        .addKeyValue("reason", "went \"away\"")
        .addKeyValue("empty", "")
        .log("lost {} of {}", 3, 4);

    assertThat(lines(out))
        .containsExactly(
            "INFO  websocket  lost 3 of 4  code=1006 reason=\"went \\\"away\\\"\" empty=\"\"");
  }

  @Test
  void aThrowableIsItsChainOfCausesInOneLine() {
    install(false, false, false);
    IOException inner = new IOException("reset\nby peer");

    theirs.error("lost {}", 7, new IllegalStateException("gone", inner));
    ours.atWarn().setCause(new IllegalStateException()).addKeyValue("n", 1).log("odd");

    assertThat(lines(err))
        .containsExactly(
            "ERROR rabbitmq   lost 7  cause=\"IllegalStateException: gone"
                + " < IOException: reset\\nby peer\"",
            "WARN  websocket  odd  n=1 cause=IllegalStateException");
  }

  @Test
  void debugAddsTheStackTraceAsARecordOfItsOwn() {
    install(false, true, false);

    ours.warn("lost", new IOException("reset"));

    assertThat(lines(err)).containsExactly("WARN  websocket  lost  cause=\"IOException: reset\"");
    assertThat(lines(out)).hasSize(1);
    assertThat(lines(out).getFirst())
        .startsWith(
            "DEBUG websocket  stack trace of the failure above: java.io.IOException: reset\\n"
                + "\\tat ")
        .contains(LogSetupTest.class.getName());
  }

  @Test
  void nobodyCanForgeALine() {
    install(false, false, false);

    ours.warn("closed: {}", "bye\r\n2026-11-23T10:15:30.123Z ERROR all is lost\u001b[2J\u009b");

    assertThat(lines(err))
        .containsExactly(
            "WARN  websocket  closed: bye\\r\\n2026-11-23T10:15:30.123Z ERROR all is lost"
                + "\\u001b[2J\\u009b");
  }

  @Test
  void theLevelIsColouredOnATerminal() {
    install(false, false, true);

    ours.warn("careful");

    assertThat(lines(err)).containsExactly("\u001b[33mWARN \u001b[0m websocket  careful");
  }

  @Test
  void aStreamThatCannotBeWrittenToDisturbsNobody() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    LogSetup.install(false, false, sink(out, false), sink(full, false));

    ours.error("lost");

    assertThat(lines(out)).isEmpty();
  }
}
