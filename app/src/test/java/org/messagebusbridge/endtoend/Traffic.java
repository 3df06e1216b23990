package org.messagebusbridge.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Random;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Message.Form;

/** Messages that both ends can make by number. */
final class Traffic {
  private static final int MIB = 1 << 20;

  private final String name;
  private final boolean mixed;

  private Traffic(String name, boolean mixed) {
    this.name = name;
    this.mixed = mixed;
  }

  /**
   * All kinds: mostly short texts, some binary, some empty, one of 1 MiB in every ten thousand.
   *
   * @param name in every text, so that traffic of two directions cannot be mistaken for each other
   */
  static Traffic mixed(String name) {
    return new Traffic(name, true);
  }

  /** Texts alone, no two alike. */
  static Traffic texts(String name) {
    return new Traffic(name, false);
  }

  /** Message {@code number}: the same one each time. */
  Message message(int number) {
    if (mixed && number % 10_000 == 5_000) {
      return Message.of(bytes(number, MIB), Form.BINARY);
    }
    if (mixed && number % 100 == 99) {
      return Message.of(new byte[0], Form.TEXT);
    }
    if (mixed && number % 5 == 3) {
      return Message.of(bytes(number, 1 + number % 300), Form.BINARY);
    }
    String text = name + " " + number + " \u00fc\u4e16\ud83d\ude80 " + "x".repeat(number % 200);
    return Message.of(text.getBytes(UTF_8), Form.TEXT);
  }

  /** Random bytes that are never UTF-8, so that a binary message is known by its body alone. */
  private static byte[] bytes(int number, int size) {
    byte[] body = new byte[size];
    new Random(number).nextBytes(body);
    body[0] = (byte) 0xff;
    return body;
  }
}
