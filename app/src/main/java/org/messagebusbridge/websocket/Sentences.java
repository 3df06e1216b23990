package org.messagebusbridge.websocket;

import java.math.BigDecimal;
import java.time.Duration;
import org.messagebusbridge.tls.PeerText;

/** Wording for what came from elsewhere, so that it can stand in a sentence for an operator. */
final class Sentences {
  private Sentences() {}

  /** Text of a peer: on one line, without control characters, of bounded length. */
  static String quoted(String text) {
    return PeerText.line(text);
  }

  /** A time in seconds, without a fraction that is none: {@code 30 s}, {@code 0.4 s}. */
  static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }

  /** What an exception says, or what it is when it says nothing. */
  static String cause(Throwable cause) {
    String message = cause.getMessage();
    String said = message == null ? "" : quoted(message);
    return said.isBlank() ? cause.getClass().getSimpleName() : said;
  }
}
