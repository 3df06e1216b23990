package org.messagebusbridge.observability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class LogEntryTest {
  private static final int PREFIX = "2026-11-24T10:00:00.000Z INFO  relay      ".length();

  private static LogEntry entry(String message) {
    return LogEntry.of(
        new LogEvent(
            Instant.parse("2026-11-24T10:00:00Z"),
            Level.INFO,
            "org.messagebusbridge.relay.Relay",
            message,
            List.of(),
            Optional.empty()));
  }

  @Test
  void isTheLineOfTheConsoleWithoutColourOrLineFeed() {
    assertThat(entry("Relaying"))
        .isEqualTo(
            new LogEntry(
                1_795_514_400_000L,
                Level.INFO,
                "2026-11-24T10:00:00.000Z INFO  relay      Relaying",
                50));
  }

  @Property
  void anyTextIsWholeAndItsBytesAreCounted(@ForAll String message) {
    LogEntry entry = entry(message);
    assertThat(entry.text()).isNotEmpty();
    assertThat(entry.bytes()).isEqualTo(entry.text().getBytes(UTF_8).length);
    assertThat(new String(entry.text().getBytes(UTF_8), UTF_8)).isEqualTo(entry.text());
  }

  @Test
  void halfAPairIsEscaped() {
    assertThat(entry("a\ud83db\ude80c\ud83d\ude80").text())
        .endsWith("a\\ud83db\\ude80c\ud83d\ude80");
  }

  @Test
  void theLongestThatFitsIsKeptWhole() {
    LogEntry entry = entry("x".repeat(LogEntry.MOST_BYTES - PREFIX));
    assertThat(entry.bytes()).isEqualTo(LogEntry.MOST_BYTES);
    assertThat(entry.text()).endsWith("xxx");
  }

  @Test
  void aLongerOneIsCutNotInTheMiddleOfACharacterAndSaysSo() {
    LogEntry entry = entry("\ud83d\ude80".repeat(300_000));
    assertThat(entry.text())
        .endsWith("\ud83d\ude80 ... [cut: it had " + (1_200_000 + PREFIX) + " bytes]");
    assertThat(entry.bytes())
        .isEqualTo(entry.text().getBytes(UTF_8).length)
        .isBetween(LogEntry.MOST_BYTES - 4, LogEntry.MOST_BYTES);
  }
}
