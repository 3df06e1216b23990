package org.messagebusbridge.infra.smoke;

/** The smoke test cannot go on; its message is a sentence for people, without its beginning. */
public final class SmokeException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /**
   * @param exitCode 1: something failed; 2: a mistake of who runs it
   */
  public SmokeException(int exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
