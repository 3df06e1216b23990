package org.messagebusbridge.websocket;

import java.util.Arrays;

/** A message's body that comes in pieces, up to a bound. For one thread. */
final class Body {
  private static final int FIRST_BYTES = 4 * 1024;
  private static final byte[] NONE = new byte[0];

  private final int maxBytes;
  private byte[] bytes = NONE;
  private int size;

  /** The body would be larger than it may be. */
  static final class FullException extends Exception {
    private static final long serialVersionUID = 1L;

    private FullException() {
      super("larger than it may be");
    }
  }

  Body(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Appends the first {@code count} bytes of {@code piece}. */
  void append(byte[] piece, int count) throws FullException {
    if (count > maxBytes - size) {
      throw new FullException();
    }
    if (count > bytes.length - size) {
      long room = Math.max(FIRST_BYTES, Math.max(2L * bytes.length, (long) size + count));
      bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, room));
    }
    System.arraycopy(piece, 0, bytes, size, count);
    size += count;
  }

  /** Whether {@code text}, going on from byte {@code from} of this body, is UTF-8. */
  boolean continues(Utf8 text, int from) {
    return text.feed(bytes, from, size);
  }

  /** How much there is so far. */
  int size() {
    return size;
  }

  /** The whole of it; begins a new one. */
  byte[] take() {
    byte[] whole = bytes.length == size ? bytes : Arrays.copyOf(bytes, size);
    bytes = NONE;
    size = 0;
    return whole;
  }
}
