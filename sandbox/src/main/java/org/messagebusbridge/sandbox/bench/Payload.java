package org.messagebusbridge.sandbox.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The body of a message of the load: its number and when it was sent, as hexadecimal digits, so
 * that it is text all the way.
 *
 * @param number from 0
 * @param sentNanos on the scale of {@link System#nanoTime}
 */
record Payload(int number, long sentNanos) {

  /** The least size of a body in bytes. */
  static final int MIN_SIZE = 24;

  private static final int NUMBER_DIGITS = 8;

  /** A body of this size: {@link #MIN_SIZE} or more. */
  byte[] bytes(int size) {
    byte[] body = new byte[size];
    Arrays.fill(body, MIN_SIZE, size, (byte) '.');
    put(body, 0, NUMBER_DIGITS, number);
    put(body, NUMBER_DIGITS, MIN_SIZE, sentNanos);
    return body;
  }

  private static void put(byte[] body, int from, int to, long value) {
    long rest = value;
    for (int i = to - 1; i >= from; i--) {
      body[i] = (byte) HexFormat.of().toLowHexDigit((int) rest);
      rest >>>= 4;
    }
  }

  static Payload of(byte[] body) {
    String head = new String(body, 0, MIN_SIZE, US_ASCII);
    return new Payload(
        HexFormat.fromHexDigits(head, 0, NUMBER_DIGITS),
        HexFormat.fromHexDigitsToLong(head, NUMBER_DIGITS, MIN_SIZE));
  }
}
