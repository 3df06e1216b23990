package org.messagebusbridge.tester;

/** The tester cannot go on; the message is one sentence for its user. */
final class TesterException extends Exception {

  TesterException(String sentence) {
    super(sentence);
  }

  TesterException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /** What happened, where, and what to do. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
