package org.messagebusbridge.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Messages for tests: the same ones each time. */
public final class Messages {
  private static final int MIB = 1 << 20;

  private Messages() {}

  /** A short text that holds its number. */
  public static Message text(int number) {
    return Message.of(
        ("message " + number + " \u00e9\u4e16\ud83d\ude80").getBytes(UTF_8), Message.Form.TEXT);
  }

  /** A short text of which everything is known. */
  public static Message known(int number) {
    Message plain = text(number);
    return Message.of(
        plain.body(),
        plain.form(),
        new Message.Attributes(
            Map.of("colour", "red", "size", "7"),
            Optional.of("key " + number),
            Optional.of("id " + number),
            Optional.of(Instant.parse("2026-01-02T03:04:05.006Z"))));
  }

  /** Short texts numbered {@code from} to {@code to}, both included. */
  public static List<Message> texts(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Messages::text).toList();
  }

  /** A binary message of {@code size} bytes, of every value. */
  public static Message binary(int size, long seed) {
    byte[] body = new byte[size];
    new Random(seed).nextBytes(body);
    return Message.of(body, Message.Form.BINARY);
  }

  /**
   * {@code count} messages of all kinds: text, binary, empty ones of both forms, the frame sizes'
   * borders, one of 1 MiB.
   */
  public static List<Message> mixed(int count) {
    List<Message> messages = new ArrayList<>(count);
    for (int n = 0; n < count; n++) {
      messages.add(
          switch (n % 10) {
            case 1 -> binary(n % 300, n);
            case 3 ->
                Message.of(new byte[0], n % 20 == 3 ? Message.Form.TEXT : Message.Form.BINARY);
            case 5 ->
                binary(new int[] {125, 126, 127, 65_535, 65_536, 131_064, 131_065}[n / 10 % 7], n);
            case 7 -> n == 7 ? binary(MIB, n) : text(n);
            default -> text(n);
          });
    }
    return List.copyOf(messages);
  }
}
