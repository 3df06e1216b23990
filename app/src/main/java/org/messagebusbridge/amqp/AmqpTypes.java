package org.messagebusbridge.amqp;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.messagebusbridge.config.BadValueException;
import org.messagebusbridge.config.Type;
import org.messagebusbridge.config.Types;

/** The types of section {@code aws_mq} that have a form of their own. */
final class AmqpTypes {
  /** AMQP 0-9-1, section 4.2.5.3: the length of a short string is one byte. */
  static final int SHORT_STRING = 255;

  private static final Pattern BROKER_ID = Pattern.compile("[A-Za-z0-9-]+");

  private AmqpTypes() {}

  static Type<String> queue() {
    return new Type<>(
        "a queue name of 1 to 255 bytes that does not begin with amq.", AmqpTypes::queue);
  }

  /** A queue name, or empty for {@code none}. */
  static Type<Optional<String>> queueOrNone() {
    return new Type<>(
        "a queue name, or none to reject without one",
        text ->
            text.toLowerCase(Locale.ROOT).equals("none")
                ? Optional.empty()
                : Optional.of(queue(text)));
  }

  static Type<String> brokerId() {
    return new Type<>(
        "the broker's id alone, such as b-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d",
        text -> {
          if (text.contains(".")) {
            throw new BadValueException(
                "is a host name", "write it to mq_host, or the part before .mq. here");
          }
          if (!BROKER_ID.matcher(text).matches()) {
            throw new BadValueException("is not a broker's id");
          }
          return text;
        });
  }

  static Type<String> consumerTag() {
    return new Type<>(
        "a name of 1 to 255 bytes",
        text -> {
          if (text.isBlank()) {
            throw new BadValueException(
                "must not be blank", "write a name, or remove the key for the default");
          }
          return Types.atMost(SHORT_STRING, Types.singleLine(text));
        });
  }

  private static String queue(String text) throws BadValueException {
    if (text.startsWith("amq.")) {
      throw new BadValueException(
          "begins with amq., which the broker keeps for itself", "write another name");
    }
    return Types.atMost(SHORT_STRING, Types.singleLine(text));
  }
}
