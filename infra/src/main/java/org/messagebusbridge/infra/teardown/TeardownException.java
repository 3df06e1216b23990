package org.messagebusbridge.infra.teardown;

/** Cannot go on; its message is a sentence for people. */
final class TeardownException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /**
   * @param exitCode 1: something failed; 2: a mistake of who runs it
   */
  TeardownException(int exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
