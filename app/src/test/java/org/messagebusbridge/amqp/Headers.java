package org.messagebusbridge.amqp;

import com.rabbitmq.client.LongString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the client reads from a header table, with its long strings as strings. */
final class Headers {
  private Headers() {}

  static Object plain(Object value) {
    return switch (value) {
      case LongString text -> text.toString();
      case List<?> list -> list.stream().map(Headers::plain).toList();
      case Map<?, ?> table -> {
        Map<Object, Object> plain = new HashMap<>();
        table.forEach((key, item) -> plain.put(key, plain(item)));
        yield plain;
      }
      default -> value;
    };
  }
}
