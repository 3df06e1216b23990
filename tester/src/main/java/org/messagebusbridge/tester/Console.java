package org.messagebusbridge.tester;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.messagebusbridge.observability.Printable;

/**
 * What the tester prints, in the form of the Python service's tester. Safe for use by several
 * threads: the lines of one event stay together.
 */
final class Console {

  /** How bad it is. */
  enum Severity {
    /** The run goes on. */
    WARNING("warning"),
    /** The run does not begin, or is over. */
    ERROR("error");

    private final String label;

    Severity(String label) {
      this.label = label;
    }
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private final PrintWriter out;
  private final PrintWriter err;
  private final Clock clock;

  Console(PrintWriter out, PrintWriter err, Clock clock) {
    this.out = out;
    this.err = err;
    this.clock = clock;
  }

  void sending(TestMessage message) {
    print(out, "%s>>> Sending message #%d to MQ".formatted(time(), message.number()));
  }

  void sent(TestMessage message) {
    print(out, "Sent message. Body: " + message.body());
  }

  void received(Receipt receipt, int bytes, long tag, boolean consumed) {
    switch (receipt) {
      case Receipt.Returned(TestMessage message, Duration roundTrip) ->
          print(out, received(message.body(), tag), turnaround(message, roundTrip));
      case Receipt.Duplicate(TestMessage message, Duration roundTrip) ->
          print(
              out, received(message.body(), tag) + " (duplicate)", turnaround(message, roundTrip));
      case Receipt.Damaged(TestMessage message) ->
          print(
              out,
              received(message.body(), tag)
                  + " (damaged: its %d bytes are not those that were sent)".formatted(bytes));
      case Receipt.Foreign() ->
          print(
              out,
              received("a foreign message of %d bytes".formatted(bytes), tag),
              consumed ? "Consumed it." : "It is held, and given back at the end.");
    }
  }

  /** A line about the run as a whole. */
  void line(String text) {
    print(out, text);
  }

  /** One sentence about what went wrong, or may go wrong. */
  void complain(Severity severity, String sentence) {
    print(err, severity.label + ": " + sentence);
  }

  private String received(String what, long tag) {
    return "%s<<< Received %s tag#%d".formatted(time(), what, tag);
  }

  private static String turnaround(TestMessage message, Duration time) {
    return "Turnaround time for '%s': %s".formatted(message.body(), CsvReport.elapsed(time));
  }

  private String time() {
    return TIME.format(LocalDateTime.now(clock));
  }

  /** Whatever came from elsewhere: a line stays one line, and gives no orders to a terminal. */
  private static void print(PrintWriter writer, String... lines) {
    writer.println(
        Arrays.stream(lines)
            .map(Printable::line)
            .collect(Collectors.joining(System.lineSeparator())));
    writer.flush();
  }
}
