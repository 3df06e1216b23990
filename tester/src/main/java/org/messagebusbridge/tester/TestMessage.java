package org.messagebusbridge.tester;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.LocalTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A test message, in the form of the Python service's tester: {@code Test msg #<number>
 * (<id>.<mmss>)}.
 *
 * @param number 1..999,999,999, counted within one run
 * @param id whose message it is: the process id of the tester that sent it
 * @param minuteAndSecond when it was sent, as a number of four digits: {@code 100 * minute +
 *     second} of the local time
 */
record TestMessage(int number, long id, int minuteAndSecond) {

  /** The highest number that a message can carry. */
  static final int MAX_NUMBER = 999_999_999;

  /** The longest body: beyond it nothing is looked at. */
  private static final int MAX_BYTES = 48;

  private static final Pattern FORM =
      Pattern.compile("Test msg #([1-9]\\d{0,8}) \\((\\d{1,18})\\.([0-5]\\d[0-5]\\d)\\)");

  static TestMessage at(int number, long id, LocalTime sent) {
    return new TestMessage(number, id, 100 * sent.getMinute() + sent.getSecond());
  }

  /** The message with this very body; empty when the body is anything else. */
  static Optional<TestMessage> parse(byte[] body) {
    if (body.length > MAX_BYTES) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(new String(body, US_ASCII));
    if (!form.matches()) {
      return Optional.empty();
    }
    TestMessage message =
        new TestMessage(
            Integer.parseInt(form.group(1)),
            Long.parseLong(form.group(2)),
            Integer.parseInt(form.group(3)));
    return Arrays.equals(body, message.bytes()) ? Optional.of(message) : Optional.empty();
  }

  String body() {
    String digits = Integer.toString(10_000 + minuteAndSecond).substring(1);
    return "Test msg #" + number + " (" + id + "." + digits + ")";
  }

  byte[] bytes() {
    return body().getBytes(US_ASCII);
  }
}
