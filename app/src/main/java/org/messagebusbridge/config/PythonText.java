package org.messagebusbridge.config;

import java.util.List;

/** Text as Python 3 sees it, where Java differs: what is white space, and where a line ends. */
final class PythonText {
  private PythonText() {}

  /** {@code str.isspace} for one character, which knows no-break spaces and Java does not. */
  static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  /** {@code str.strip()}. */
  static String strip(String text) {
    int start = indent(text);
    return start == text.length() ? "" : stripEnd(text.substring(start));
  }

  /** {@code str.rstrip()}. */
  static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** How many characters of white space the text begins with. */
  static int indent(String text) {
    int start = 0;
    while (start < text.length() && isSpace(text.charAt(start))) {
      start++;
    }
    return start;
  }

  /** The lines of a file opened as text: they end with LF, CR or CR LF ("universal newlines"). */
  static List<String> lines(String text) {
    return List.of(text.split("\r\n|\r|\n", -1));
  }
}
