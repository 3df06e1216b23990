package org.messagebusbridge.observability;

/**
 * Logs or metrics could not be handed over. The message is one sentence for an operator: what
 * happened, where, and what to do; it never holds a secret.
 */
public final class ExportException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What the failure means for what to do next. */
  public enum Kind {
    /** Not reachable, in trouble or throttling: trying again later may help. */
    UNAVAILABLE,
    /** Not allowed, or misconfigured: trying again helps only when someone has changed that. */
    REFUSED,
    /** This very content is not taken: trying again with it never helps. */
    BAD_CONTENT
  }

  private final Kind kind;

  public ExportException(Kind kind, String sentence, Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  /** What the failure means for what to do next. */
  public Kind kind() {
    return kind;
  }

  /** What happened, where, and what to do: the message, never null. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
