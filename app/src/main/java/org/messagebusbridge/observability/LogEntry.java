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

  /** The line that the console would show of it, without colour. */
  public static LogEntry of(LogEvent event) {
    String line = LogLine.of(event);
    int bytes = utf8Length(line, line.length());
    if (bytes > MOST_BYTES) {
      String note = " ... [cut: it had " + bytes + " bytes]";
      line = line.substring(0, charsWithin(line, MOST_BYTES - note.length())) + note;
      bytes = utf8Length(line, line.length());
    }
    return new LogEntry(event.time().toEpochMilli(), event.level(), line, bytes);
  }

  /** Which go first when there is no room for all: DEBUG at 0, INFO at 1, the rest at 2. */
  int rank() {
    return switch (level) {
      case TRACE, DEBUG -> 0;
      case INFO -> 1;
      case WARN, ERROR -> 2;
    };
  }

  /** What it takes to keep it, in bytes: its text and about 100 more. */
  int weight() {
    return bytes + 100;
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
