package org.messagebusbridge.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a service does, as the environment says; {@code tools/interop/run} has the variables.
 *
 * @param port to listen on; 0: any
 * @param delay how long a message takes
 * @param poison a message that contains this text is not taken; empty: there is none
 * @param poisonCode what it is closed with over such a message; 0: the handler throws
 * @param refuseCode what it is closed with over whatever comes; 0: it is not
 * @param closeCode what it is closed with as soon as it is open; 0: it is not
 * @param reason the reason of each such close
 * @param accounts whether standard output has a line for each connection and each message handled
 * @param replies whether a message is echoed
 */
record Behaviour(
    int port,
    Duration delay,
    String poison,
    int poisonCode,
    int refuseCode,
    int closeCode,
    String reason,
    boolean accounts,
    boolean replies) {

  /** The largest message that a service takes, in bytes. */
  static final int LARGEST = 64 * 1024 * 1024;

  private static final int HEAD = 12;

  @SuppressWarnings("resource") // standard output, without a buffer
  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

  static Behaviour of(Map<String, String> environment) {
    return new Behaviour(
        number(environment, "ECHO_PORT"),
        Duration.ofMillis(number(environment, "ECHO_SLOW_MS")),
        environment.getOrDefault("ECHO_POISON", ""),
        number(environment, "ECHO_POISON_CODE"),
        number(environment, "ECHO_REFUSE_CODE"),
        number(environment, "ECHO_CLOSE_CODE"),
        environment.getOrDefault("ECHO_REASON", ""),
        "on".equals(environment.get("ECHO_ACCOUNT")),
        !"none".equals(environment.get("ECHO_REPLY")));
  }

  private static int number(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? 0 : Integer.parseInt(value);
  }

  /** A connection was accepted; what to close it with at once. */
  OptionalInt opened() {
    account("open");
    return closeCode == 0 ? OptionalInt.empty() : OptionalInt.of(closeCode);
  }

  /**
   * Takes a message, for as long as that is to take.
   *
   * @return what to close with over it
   * @throws IllegalStateException as a handler that fails
   */
  OptionalInt handle(byte[] body) {
    if (refuseCode != 0) {
      return OptionalInt.of(refuseCode);
    }
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (!poison.isEmpty() && new String(body, ISO_8859_1).contains(poison)) {
      if (poisonCode == 0) {
        throw new IllegalStateException("poison");
      }
      return OptionalInt.of(poisonCode);
    }
    account("handled " + new String(body, 0, Math.min(body.length, HEAD), ISO_8859_1));
    return OptionalInt.empty();
  }

  OptionalInt handle(String text) {
    return handle(text.getBytes(UTF_8));
  }

  private void account(String line) {
    if (accounts) {
      say(line);
    }
  }

  /** Writes a line to standard output. */
  static void say(String line) {
    try {
      OUT.write((line + "\n").getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
