package org.messagebusbridge.aws;

import org.jspecify.annotations.Nullable;

/**
 * AWS did not do what it was asked. The message is one sentence for an operator: what was asked,
 * why it was not done, and what to do, such as the IAM permission to grant.
 */
public final class AwsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean mistake;

  private AwsException(String sentence, boolean mistake, @Nullable Throwable cause) {
    super(sentence, cause);
    this.mistake = mistake;
  }

  /** Only a change of flags, configuration or permissions helps. */
  static AwsException mistake(String sentence, @Nullable Throwable cause) {
    return new AwsException(sentence, true, cause);
  }

  /** Asking again later may help. */
  static AwsException unavailable(String sentence, @Nullable Throwable cause) {
    return new AwsException(sentence, false, cause);
  }

  /** Whether only a change of flags, configuration or permissions helps. */
  public boolean isMistake() {
    return mistake;
  }

  /** What was asked, why it was not done, and what to do: the message, never null. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
