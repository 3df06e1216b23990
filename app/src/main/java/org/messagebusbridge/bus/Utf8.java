package org.messagebusbridge.bus;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A validator of UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF). An
 * instance follows a text that comes in pieces; not for use by several threads at a time.
 */
public final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;

  /** How many continuation bytes the character under way still needs. */
  private int missing;

  /** The bounds of the next continuation byte: narrower than 0x80 to 0xBF after some lead bytes. */
  private int lowest = 0x80;

  private int highest = 0xBF;

  /** Whether {@code bytes} is one whole UTF-8 text. */
  public static boolean valid(byte[] bytes) {
    Utf8 text = new Utf8();
    return text.feed(bytes, 0, bytes.length) && text.complete();
  }

  /**
   * Takes the next bytes of the text: those of {@code bytes} from {@code from} up to, and without,
   * {@code to}.
   *
   * @return whether the text so far is UTF-8, or can become so; once it is not, feed it no more
   */
  public boolean feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (missing == 0) {
        at = skipAscii(bytes, at, to);
        if (at < to && !lead(bytes[at++] & 0xFF)) {
          return false;
        }
      } else if (!continuation(bytes[at++] & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the text so far ends with a whole character. */
  public boolean complete() {
    return missing == 0;
  }

  /** Begins a new text. */
  public void reset() {
    missing = 0;
    lowest = 0x80;
    highest = 0xBF;
  }

  private static int skipAscii(byte[] bytes, int from, int to) {
    int at = from;
    while (at + Long.BYTES <= to && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
      at += Long.BYTES;
    }
    while (at < to && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  /** The table of RFC 3629, section 4: what may follow a first byte that is not ASCII. */
  private boolean lead(int b) {
    if (b < 0xC2 || b > 0xF4) {
      return false;
    }
    missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
    lowest = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
    highest = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    return true;
  }

  private boolean continuation(int b) {
    if (b < lowest || b > highest) {
      return false;
    }
    missing--;
    lowest = 0x80;
    highest = 0xBF;
    return true;
  }
}
