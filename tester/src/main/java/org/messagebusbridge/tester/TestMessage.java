package org.messagebusbridge.tester;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.LocalTime;
import java.util.Arrays;
import java.util.Optional;

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

  /** The longest text of a message: beyond it nothing is looked at. */
  static final int MAX_BYTES = 48;

  private static final byte[] BEGIN = "Test msg #".getBytes(US_ASCII);
  private static final int LONGEST_NUMBER = 9;
  private static final int LONGEST_ID = 18;

  static TestMessage at(int number, long id, LocalTime sent) {
    return new TestMessage(number, id, 100 * sent.getMinute() + sent.getSecond());
  }

  /**
   * The message that a body begins with; empty when it begins with anything else. What follows it
   * in the body is not looked at.
   */
  static Optional<TestMessage> parse(byte[] body) {
    int length = Math.min(body.length, MAX_BYTES);
    if (!Arrays.equals(
        body, 0, Math.min(length, BEGIN.length), BEGIN, 0, Math.min(length, BEGIN.length))) {
      return Optional.empty();
    }
    int numberAt = BEGIN.length;
    int numberEnd = endOfDigits(body, numberAt, length);
    int idAt = numberEnd + 2;
    int idEnd = endOfDigits(body, idAt, length);
    int timeAt = idEnd + 1;
    int timeEnd = timeAt + 4;
    if (numberEnd - numberAt > LONGEST_NUMBER || idEnd - idAt > LONGEST_ID || timeEnd >= length) {
      return Optional.empty();
    }
    TestMessage message =
        new TestMessage(
            (int) number(body, numberAt, numberEnd),
            number(body, idAt, idEnd),
            (int) number(body, timeAt, timeEnd));
    return message.isLegal() && message.startsBody(body) ? Optional.of(message) : Optional.empty();
  }

  private static int endOfDigits(byte[] body, int from, int length) {
    int end = from;
    while (end < length && body[end] >= '0' && body[end] <= '9') {
      end++;
    }
    return end;
  }

  /** Of what are digits, or of anything: the text made of the result shows which it was. */
  private static long number(byte[] body, int from, int end) {
    long number = 0;
    for (int i = from; i < end; i++) {
      number = 10 * number + (body[i] - '0');
    }
    return number;
  }

  private boolean isLegal() {
    return number >= 1
        && minuteAndSecond >= 0
        && minuteAndSecond / 100 < 60
        && minuteAndSecond % 100 < 60;
  }

  private boolean startsBody(byte[] body) {
    byte[] text = bytes();
    return body.length >= text.length && Arrays.equals(body, 0, text.length, text, 0, text.length);
  }

  /** Its text, which is the whole body unless the plan asks for more bytes. */
  String body() {
    String digits = Integer.toString(10_000 + minuteAndSecond).substring(1);
    return "Test msg #" + number + " (" + id + "." + digits + ")";
  }

  byte[] bytes() {
    return body().getBytes(US_ASCII);
  }
}
