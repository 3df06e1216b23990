package org.messagebusbridge.sandbox.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What the body of a message of the load says: where it goes, which one it is, and how often its
 * sender has sent it before. ASCII, so that it is text all the way.
 *
 * @param number from 0
 * @param attempt from 0; {@value #MOST_ATTEMPTS} stands for all further ones
 */
public record Numbered(Flow flow, int number, int attempt) {

  /** The least size of a body in bytes. */
  public static final int MIN_SIZE = 12;

  static final int MOST_ATTEMPTS = 15;

  private static final int NUMBER_DIGITS = 8;

  public Numbered {
    attempt = Math.min(attempt, MOST_ATTEMPTS);
  }

  /** The first sending of a message. */
  static Numbered first(Flow flow, int number) {
    return new Numbered(flow, number, 0);
  }

  /** The same message, sent once more. */
  Numbered again() {
    return new Numbered(flow, number, attempt + 1);
  }

  /** A body of this many bytes: {@link #MIN_SIZE} or more. */
  public byte[] bytes(int size) {
    byte[] body = new byte[size];
    Arrays.fill(body, MIN_SIZE, size, (byte) '.');
    body[0] = (byte) (flow == Flow.TO_WS ? 't' : 'f');
    int rest = number;
    for (int i = NUMBER_DIGITS; i > 0; i--) {
      body[i] = (byte) HexFormat.of().toLowHexDigit(rest);
      rest >>>= 4;
    }
    body[NUMBER_DIGITS + 1] = '+';
    body[NUMBER_DIGITS + 2] = (byte) HexFormat.of().toLowHexDigit(attempt);
    body[NUMBER_DIGITS + 3] = ' ';
    return body;
  }

  /** What a body says; empty when it is none of the load's. */
  public static Optional<Numbered> of(byte[] body) {
    if (body.length < MIN_SIZE || body[NUMBER_DIGITS + 1] != '+') {
      return Optional.empty();
    }
    String head = new String(body, 0, MIN_SIZE, US_ASCII);
    try {
      int number = HexFormat.fromHexDigits(head, 1, 1 + NUMBER_DIGITS);
      int attempt = HexFormat.fromHexDigit(head.charAt(NUMBER_DIGITS + 2));
      return switch (head.charAt(0)) {
        case 't' -> Optional.of(new Numbered(Flow.TO_WS, number, attempt));
        case 'f' -> Optional.of(new Numbered(Flow.FROM_WS, number, attempt));
        default -> Optional.empty();
      };
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
