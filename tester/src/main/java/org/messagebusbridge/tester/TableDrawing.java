package org.messagebusbridge.tester;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/**
 * The latest messages, one a line: message, sent at, received at, elapsed. On a narrow screen the
 * times go first.
 *
 * @param started when the run began, by the computer's clock
 */
record TableDrawing(Instant started, ZoneId zone) implements Drawing {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
  private static final int TIME_WIDTH = 15;
  private static final int SMALLEST_MESSAGE_WIDTH = 30;
  private static final String NOT_YET = "---";

  @Override
  public List<AttributedString> body(Frame frame, int columns, int rows) {
    int sent = frame.log().sent();
    int first = Math.max(1, sent - rows + 2);
    int width = SMALLEST_MESSAGE_WIDTH;
    if (sent > 0) {
      width = Math.max(width, frame.log().account(sent, frame.now()).message().body().length() + 2);
    }
    int times = Math.clamp((columns - width) / TIME_WIDTH, 1, 3);
    List<AttributedString> lines = new ArrayList<>();
    lines.add(
        Drawing.line(
            row(width, times, "Message", "Sent At", "Received At", "Elapsed"),
            AttributedStyle.BOLD.underline(),
            columns));
    for (int number = first; number <= sent; number++) {
      lines.add(row(frame, frame.log().account(number, frame.now()), width, times, columns));
    }
    return lines;
  }

  private AttributedString row(Frame frame, Account account, int width, int times, int columns) {
    String received =
        account
            .roundTrip()
            .map(time -> at(frame, account.intended() + time.toNanos()))
            .orElse(NOT_YET);
    String elapsed = account.roundTrip().map(TableDrawing::elapsed).orElse(mark(account.state()));
    return Drawing.line(
        row(width, times, account.message().body(), at(frame, account.sent()), received, elapsed),
        Paint.of(account.state()).style(),
        columns);
  }

  private static String mark(MessageState state) {
    return switch (state) {
      case OUT, BACK, LATE -> NOT_YET;
      case OVERDUE -> NOT_YET + " overdue";
      case REFUSED -> NOT_YET + " refused";
      case DAMAGED -> NOT_YET + " damaged";
    };
  }

  private static String elapsed(Duration time) {
    return CsvReport.elapsed(time);
  }

  private static String row(
      int width, int times, String message, String sent, String received, String elapsed) {
    StringBuilder row = new StringBuilder(pad(message, width));
    if (times > 1) {
      row.append(pad(sent, TIME_WIDTH));
    }
    if (times > 2) {
      row.append(pad(received, TIME_WIDTH));
    }
    return row.append(elapsed).toString();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private String at(Frame frame, long nanos) {
    return TIME.format(started.plusNanos(nanos - frame.start()).atZone(zone));
  }
}
