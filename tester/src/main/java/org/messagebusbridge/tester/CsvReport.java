package org.messagebusbridge.tester;

import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The messages that did not come back, or all, one a line: time_send, time_recv, time_elapsed, msg.
 * Times are local and as Python writes them; what never was is empty. No field can hold a comma.
 */
final class CsvReport implements ReportFile.Form {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private final boolean all;
  private final ZoneId zone;

  /**
   * A form.
   *
   * @param all whether the messages that came back are in it too
   * @param zone that of the times
   */
  CsvReport(boolean all, ZoneId zone) {
    this.all = all;
    this.zone = zone;
  }

  @Override
  public void write(Report report, Writer out) throws IOException {
    out.write("time_send,time_recv,time_elapsed,msg\n");
    MessageLog log = report.log();
    long now = System.nanoTime();
    for (int number = 1; number <= log.sent(); number++) {
      Account account = log.account(number, now);
      if (all || account.roundTrip().isEmpty()) {
        out.write(line(report, account));
      }
    }
  }

  private String line(Report report, Account account) {
    String received =
        account
            .roundTrip()
            .map(time -> local(report.time(account.intended() + time.toNanos())))
            .orElse("");
    String elapsed = account.roundTrip().map(CsvReport::elapsed).orElse("");
    return "%s,%s,%s,%s\n"
        .formatted(
            local(report.time(account.intended())), received, elapsed, account.message().body());
  }

  private String local(Instant time) {
    return TIME.format(time.atZone(zone));
  }

  /** Such as {@code 00:00:00.026544}. */
  static String elapsed(Duration time) {
    return "%02d:%02d:%02d.%06d"
        .formatted(
            time.toHours(), time.toMinutesPart(), time.toSecondsPart(), time.toNanosPart() / 1_000);
  }
}
