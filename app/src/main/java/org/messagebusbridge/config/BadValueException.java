package org.messagebusbridge.config;

/** A text is not of the form that its key asks for. Holds nothing of the text. */
public final class BadValueException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String advice;

  /** The advice is that of the type: its form. */
  public BadValueException(String what) {
    this(what, "");
  }

  /**
   * @param what what is wrong, after the value as the subject: {@code is not a whole number}
   * @param advice what would be right, as an instruction: {@code write 5671}; empty: the type's
   *     form
   */
  public BadValueException(String what, String advice) {
    super(what);
    this.what = what;
    this.advice = advice;
  }

  /** What is wrong and what would be right, after the value as the subject, with its full stop. */
  String predicate(Type<?> type) {
    return what + "; " + (advice.isEmpty() ? "write " + type.form() : advice) + ".";
  }
}
