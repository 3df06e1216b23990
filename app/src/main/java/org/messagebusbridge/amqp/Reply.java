package org.messagebusbridge.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.Optional;
import org.messagebusbridge.tls.Causes;

/**
 * Why the broker closed a connection or a channel (AMQP 0-9-1, section 1.3, reply codes).
 *
 * @param code the reply code
 * @param classId the class of the method that the broker refused; 0: it was none
 * @param text the broker's words, without the name of the code
 * @param ofChannel whether a channel alone was closed
 */
record Reply(int code, int classId, String text, boolean ofChannel) {

  /** The reply that the failure or one of its causes carries. */
  static Optional<Reply> of(Throwable failure) {
    for (Throwable t : Causes.of(failure).chain()) {
      if (t instanceof ShutdownSignalException signal) {
        switch (signal.getReason()) {
          case AMQP.Connection.Close close -> {
            return Optional.of(
                of(close.getReplyCode(), close.getClassId(), close.getReplyText(), false));
          }
          case AMQP.Channel.Close close -> {
            return Optional.of(
                of(close.getReplyCode(), close.getClassId(), close.getReplyText(), true));
          }
          case null, default -> {}
        }
      }
    }
    return Optional.empty();
  }

  private static Reply of(int code, int classId, String text, boolean ofChannel) {
    String words = text.replaceFirst("^[A-Z_]+ - ", "").replaceAll("\\s+", " ").strip();
    return new Reply(code, classId, words.replaceFirst("\\.$", ""), ofChannel);
  }

  /** Whether the broker closed by itself, not over a method that it was sent. */
  boolean answersNothing() {
    return classId == 0;
  }

  /** The words, or the code where there are none. */
  String words() {
    return text.isEmpty() ? "code " + code : text;
  }
}
