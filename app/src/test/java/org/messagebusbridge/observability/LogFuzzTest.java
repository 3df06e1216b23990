package org.messagebusbridge.observability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.ForeignText;
import org.messagebusbridge.Fuzz;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/** Whatever is logged, console and CloudWatch get one line that is nothing but text. */
@Tag("fuzz")
class LogFuzzTest {

  private static Arbitrary<LogEvent> events() {
    return Combinators.combine(
            Arbitraries.of(Level.values()),
            ForeignText.any(),
            ForeignText.any(),
            ForeignText.any().optional())
        .as(
            (level, message, value, thrown) ->
                new LogEvent(
                    Instant.EPOCH,
                    level,
                    "org.messagebusbridge.websocket.Dispatcher",
                    message,
                    List.of(new KeyValuePair("reason", value)),
                    thrown.map(IllegalStateException::new)));
  }

  @Test
  void isOneLineThatIsWholeInUtf8() {
    Fuzz.check(
        "LogFuzzTest#isOneLineThatIsWholeInUtf8",
        10_000,
        events(),
        event -> {
          LogEntry entry = LogEntry.of(event);
          ForeignText.assertPrintable(entry.text());
          assertThat(entry.bytes())
              .isEqualTo(entry.text().getBytes(UTF_8).length)
              .isLessThanOrEqualTo(LogEntry.MOST_BYTES);
        });
  }
}
