package org.messagebusbridge.observability;

import org.slf4j.event.Level;

/**
 * A line of the log on its way to elsewhere. The text is never empty, holds no broken surrogates,
 * and has at most {@value #MOST_BYTES} bytes in UTF-8; a longer one is cut, and says so.
 *
 * @param millis when it was logged, in milliseconds since 1970
 * @param level how much it matters
 * @param text the line, without a line feed
 * @param bytes of the text in UTF-8
 */
public record LogEntry(long millis, Level level, String text, int bytes) {

  /**
   * What CloudWatch Logs took of one event before it took 1 MB (256 KiB, with the 26 bytes that it
   * adds to each): a line of the bridge's log that is longer is no use to anyone.
   */
  public static final int MOST_BYTES = 256 * 1024 - 26;

  private static final char REPLACEMENT = '\ufffd';

  /** The line that the console would show of it, without colour. */
  public static LogEntry of(LogEvent event) {
    String line = whole(LogLine.of(event, false).stripTrailing());
    int bytes = utf8Length(line, line.length());
    if (bytes > MOST_BYTES) {
      String note = " ... [cut: it had " + bytes + " bytes]";
      line = line.substring(0, charsWithin(line, MOST_BYTES - note.length())) + note;
      bytes = utf8Length(line, line.length());
    }
    return new LogEntry(event.time().toEpochMilli(), event.level(), line, bytes);
  }

  boolean isDebug() {
    return level.toInt() <= Level.DEBUG.toInt();
  }

  /** What it takes to keep it, in bytes: its text and about 100 more. */
  int weight() {
    return bytes + 100;
  }

  /** Without halves of surrogate pairs, which have no form in UTF-8. */
  private static String whole(String line) {
    StringBuilder mended = null;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      boolean pair = Character.isHighSurrogate(c) && i + 1 < line.length();
      if (pair && Character.isLowSurrogate(line.charAt(i + 1))) {
        i++;
        continue;
      }
      if (mended == null) {
        mended = new StringBuilder(line);
      }
      mended.setCharAt(i, REPLACEMENT);
    }
    return mended == null ? line : mended.toString();
  }

  private static int utf8Length(String text, int end) {
    int bytes = 0;
    for (int i = 0; i < end; i++) {
      bytes += utf8Length(text.charAt(i));
    }
    return bytes;
  }

  /** Half of the four bytes for each half of a pair. */
  private static int utf8Length(char c) {
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }

  /** How many chars at the beginning have at most so many bytes; never half a pair. */
  private static int charsWithin(String text, int mostBytes) {
    int bytes = 0;
    int chars = 0;
    while (chars < text.length()) {
      bytes += utf8Length(text.charAt(chars));
      if (bytes > mostBytes) {
        break;
      }
      chars++;
    }
    boolean halfAPair = chars > 0 && Character.isHighSurrogate(text.charAt(chars - 1));
    return halfAPair ? chars - 1 : chars;
  }
}
