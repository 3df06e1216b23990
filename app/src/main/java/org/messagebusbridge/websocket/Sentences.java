package org.messagebusbridge.websocket;

/** Makes what came from elsewhere fit to stand in a sentence for an operator. */
final class Sentences {
  private static final int MAX_QUOTED = 200;

  private Sentences() {}

  /** Text of a peer: on one line, without control characters, of bounded length. */
  static String quoted(String text) {
    String clean = text.strip().replaceAll("[\\p{Cntrl}\\p{Cf}\u2028\u2029]+", " ");
    return clean.length() <= MAX_QUOTED ? clean : clean.substring(0, MAX_QUOTED) + "...";
  }

  /** What an exception says, or what it is when it says nothing. */
  static String cause(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : quoted(message);
  }
}
