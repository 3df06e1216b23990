package org.messagebusbridge.amqp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Utf8;

/** The property {@code content_type} and the form of a message. */
final class ContentTypes {
  static final String TEXT = "text/plain";
  static final String BINARY = "application/octet-stream";

  private ContentTypes() {}

  /**
   * The form that a content type states; {@code text/plain} in another charset than UTF-8 does not.
   */
  static Message.Form form(@Nullable String contentType) {
    if (contentType == null || contentType.isEmpty()) {
      return Message.Form.UNKNOWN;
    }
    if (contentType.equals(TEXT)) { // as nearly all are
      return Message.Form.TEXT;
    }
    return switch (contentType.toLowerCase(Locale.ROOT).replaceAll("[\\s\"]", "")) {
      case TEXT, TEXT + ";charset=utf-8" -> Message.Form.TEXT;
      case BINARY -> Message.Form.BINARY;
      default -> Message.Form.UNKNOWN;
    };
  }

  /**
   * The content type of a message: text when its form says so, or when it does not say and could
   * be.
   */
  static String of(Message message) {
    return switch (message.form()) {
      case TEXT -> TEXT;
      case BINARY -> BINARY;
      case UNKNOWN -> Utf8.valid(message.body()) ? TEXT : BINARY;
    };
  }
}
