package org.messagebusbridge.sandbox.interop;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * So many messages of one size and kind. The same one makes the same bodies each time, every byte
 * of them from a seed, so that none can be another's.
 *
 * @param size of a body in bytes
 * @param binary whether the bodies are no text, so that they go in binary frames; else UTF-8 with
 *     characters of one, two and three bytes
 */
public record Load(int size, boolean binary, int count) {

  private static final int LETTERS = 64;
  private static final byte NO_TEXT = (byte) 0xFF;

  /** Text and binary; of nothing at all there is only text. */
  static Stream<Load> both(int size, int count) {
    return size == 0
        ? Stream.of(new Load(size, false, count))
        : Stream.of(new Load(size, false, count), new Load(size, true, count));
  }

  /**
   * Every size of the matrix.
   *
   * @param small how many messages of 200, 0 and 1 bytes and of 70 KB
   * @param large how many of 1 and 5 MB
   */
  static List<Load> sizes(int small, int large) {
    return Stream.of(
            both(200, small),
            both(0, small),
            both(1, small),
            both(70_000, small),
            both(1_000_000, large),
            both(5_000_000, large))
        .flatMap(loads -> loads)
        .toList();
  }

  /** The body of the message with this number, from 0. */
  byte[] body(int number) {
    byte[] body = new byte[size];
    new Random(31L * number + size).nextBytes(body);
    if (binary) {
      body[0] = NO_TEXT;
    } else {
      toText(body);
    }
    return body;
  }

  /** Half of what is random in it stays, so there is something to compress. */
  private static void toText(byte[] body) {
    int at = 0;
    while (at < body.length) {
      int drawn = body[at] & 0xFF;
      if (drawn < 16 && at + 3 <= body.length) { // a euro sign
        body[at++] = (byte) 0xE2;
        body[at++] = (byte) 0x82;
        body[at++] = (byte) 0xAC;
      } else if (drawn < 32 && at + 2 <= body.length) { // u umlaut
        body[at++] = (byte) 0xC3;
        body[at++] = (byte) 0xBC;
      } else {
        body[at++] = (byte) ('0' + drawn % LETTERS);
      }
    }
  }
}
