package org.messagebusbridge.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.Optional;

/**
 * Why the broker closed a connection or a channel (AMQP 0-9-1, section 1.3, reply codes).
 *
 * @param code the reply code
 * @param text the broker's words, without the name of the code
 * @param ofChannel whether a channel alone was closed
 */
record Reply(int code, String text, boolean ofChannel) {

  /** The reply that the failure or one of its causes carries. */
  static Optional<Reply> of(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof ShutdownSignalException signal) {
        Method reason = signal.getReason();
        if (reason instanceof AMQP.Connection.Close close) {
          return Optional.of(of(close.getReplyCode(), close.getReplyText(), false));
        }
        if (reason instanceof AMQP.Channel.Close close) {
          return Optional.of(of(close.getReplyCode(), close.getReplyText(), true));
        }
      }
    }
    return Optional.empty();
  }

  private static Reply of(int code, String text, boolean ofChannel) {
    String words = text.replaceFirst("^[A-Z_]+ - ", "").replaceAll("\\s+", " ").strip();
    return new Reply(code, words.replaceFirst("\\.$", ""), ofChannel);
  }

  /** The words, or the code where there are none. */
  String words() {
    return text.isEmpty() ? "code " + code : text;
  }
}
