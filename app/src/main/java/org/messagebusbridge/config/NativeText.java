package org.messagebusbridge.config;

import java.util.Locale;
import java.util.Optional;

/**
 * Text between the process and its operating system: arguments, environment variables, names of
 * files. The JVM reads and writes it in the encoding of the locale (LC_ALL, LC_CTYPE, LANG) and
 * nothing else; here it has to be UTF-8, or a queue would be another one.
 */
public final class NativeText {
  private static final char REPLACEMENT = '\ufffd';

  private NativeText() {}

  /**
   * Why a text is not sure to be what was meant.
   *
   * @param what is wrong, after the text as the subject
   * @param advice what to do
   */
  public record Flaw(String what, String advice) {
    /** Both, with a full stop. */
    public String predicate() {
      return what + "; " + advice + ".";
    }
  }

  /** What is wrong with it; empty: it is what was meant. */
  public static Optional<Flaw> flaw(String text) {
    return flaw(text, System.getProperty("sun.jnu.encoding", "UTF-8"));
  }

  static Optional<Flaw> flaw(String text, String encoding) {
    if (text.chars().allMatch(c -> c < 0x80)) {
      return Optional.empty();
    }
    if (!encoding.toUpperCase(Locale.ROOT).equals("UTF-8")) {
      return Optional.of(
          new Flaw(
              "has letters that are not ASCII, where the locale of this process is not UTF-8 but "
                  + encoding,
              "set LC_ALL=C.UTF-8"));
    }
    return text.indexOf(REPLACEMENT) < 0
        ? Optional.empty()
        : Optional.of(new Flaw("has bytes that are not UTF-8", "write it in UTF-8"));
  }
}
