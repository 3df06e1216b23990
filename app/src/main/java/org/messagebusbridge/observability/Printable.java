package org.messagebusbridge.observability;

/**
 * Text from elsewhere as a terminal shows it and does not obey it. Whatever goes to a terminal or
 * into a log has been through here, and nothing else escapes for them.
 */
public final class Printable {
  private static final String HEX = "0123456789abcdef";

  private Printable() {}

  /**
   * The text in one line. Escaped, as a string of Java writes it, are control characters (C0, DEL,
   * C1), characters that format invisibly (Unicode's Cf: those of bidirectional text are among
   * them), separators of lines and paragraphs, and halves of surrogate pairs.
   */
  public static String line(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return escaped(text);
      }
    }
    return text;
  }

  private static String escaped(String text) {
    StringBuilder line = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> append(line, c));
    return line.toString();
  }

  private static void append(StringBuilder line, int c) {
    switch (c) {
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> {
        if (isShown(c)) {
          line.appendCodePoint(c);
        } else {
          for (char half : Character.toChars(c)) {
            appendHex(line, half);
          }
        }
      }
    }
  }

  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }

  private static void appendHex(StringBuilder line, char c) {
    line.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      line.append(HEX.charAt(c >> shift & 0xf));
    }
  }
}
