package org.messagebusbridge.tester;

import java.util.Arrays;

/**
 * What the bodies of a run are made of: the message's text, then as many bytes more as the size
 * asks for. A body can be made again of its message, so what comes back is compared byte for byte
 * and nothing has to be kept. Immutable.
 */
final class Payload {

  /** The largest body, in bytes: what a RabbitMQ 3.x takes at most. */
  static final int MAX_SIZE = 128 * 1024 * 1024;

  /** The text alone. */
  static final Payload TEXT = new Payload(0, 0, false);

  private static final int PATTERN = 1 << 12;

  private final int smallest;
  private final int largest;
  private final boolean binary;
  private final byte[] pattern = new byte[PATTERN];

  private Payload(int smallest, int largest, boolean binary) {
    this.smallest = smallest;
    this.largest = largest;
    this.binary = binary;
    String letters = " abcdefghijklmnopqrstuvwxyz 0123456789";
    for (int i = 0; i < PATTERN; i++) {
      pattern[i] = binary ? (byte) (0xFF - i) : (byte) letters.charAt(i % letters.length());
    }
  }

  /**
   * Bodies of different sizes, spread evenly and the same in every run; never shorter than the
   * message's text.
   *
   * @param smallest 0..{@link #MAX_SIZE} bytes
   * @param largest {@code smallest}..{@link #MAX_SIZE} bytes
   * @param binary whether the filling is of all 256 bytes, which is no UTF-8, rather than letters;
   *     there is at least one byte of it then
   */
  static Payload of(int smallest, int largest, boolean binary) {
    return new Payload(smallest, largest, binary);
  }

  /** How many bytes a body has at least, unless its text alone is longer; 0: the text alone. */
  int smallest() {
    return smallest;
  }

  /** How many bytes a body has at most, unless its text alone is longer; 0: the text alone. */
  int largest() {
    return largest;
  }

  /** Whether the bodies are no text. */
  boolean isBinary() {
    return binary;
  }

  /** The content type that says what the bodies are. */
  String contentType() {
    return binary ? "application/octet-stream" : "text/plain";
  }

  /** The body of a message, in memory of its own. */
  byte[] body(TestMessage message) {
    byte[] text = message.bytes();
    byte[] body = Arrays.copyOf(text, size(message, text.length));
    for (int at = text.length; at < body.length; at += PATTERN) {
      System.arraycopy(pattern, 0, body, at, Math.min(PATTERN, body.length - at));
    }
    return body;
  }

  /** Whether a body that begins with a message's text is that message's body, byte for byte. */
  boolean matches(TestMessage message, byte[] body) {
    int begin = message.bytes().length;
    if (body.length != size(message, begin)) {
      return false;
    }
    for (int at = begin; at < body.length; at += PATTERN) {
      int length = Math.min(PATTERN, body.length - at);
      if (!Arrays.equals(body, at, at + length, pattern, 0, length)) {
        return false;
      }
    }
    return true;
  }

  private int size(TestMessage message, int text) {
    int size = smallest;
    if (largest > smallest) {
      // Any number between, and the same one for the same message: Fibonacci hashing.
      long spread = (message.number() * 0x9E3779B97F4A7C15L) >>> 33;
      size += (int) (spread % (1L + largest - smallest));
    }
    return Math.max(size, binary ? text + 1 : text);
  }
}
