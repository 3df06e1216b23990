package org.messagebusbridge.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongFunction;
import java.util.regex.Pattern;

/** The types that keys of any section have. */
public final class Types {
  private static final List<String> YES = List.of("true", "yes", "on", "1");
  private static final List<String> NO = List.of("false", "no", "off", "0");
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}");

  private Types() {}

  public static Type<Integer> whole(String unit, int min, int max) {
    return new Type<>(
        "a whole number of " + unit + " from " + min + " to " + max,
        text -> Math.toIntExact(number(text, min, max)));
  }

  /** A number, or the word that stands for none. */
  public static Type<OptionalInt> wholeOr(String word, String unit, int min, int max) {
    return new Type<>(
        "a whole number of " + unit + " from " + min + " to " + max + ", or " + word,
        text ->
            text.equalsIgnoreCase(word)
                ? OptionalInt.empty()
                : OptionalInt.of(Math.toIntExact(number(text, min, max))));
  }

  public static Type<Integer> port() {
    return new Type<>("a port from 1 to 65535", text -> Math.toIntExact(number(text, 1, 65535)));
  }

  public static Type<OptionalInt> portOrOff() {
    return new Type<>(
        "a port from 1 to 65535, or off",
        text ->
            text.equalsIgnoreCase("off")
                ? OptionalInt.empty()
                : OptionalInt.of(Math.toIntExact(number(text, 1, 65535))));
  }

  public static Type<Duration> seconds(long min, long max) {
    return duration("seconds", ChronoUnit.SECONDS, min, max);
  }

  public static Type<Duration> milliseconds(long min, long max) {
    return duration("milliseconds", ChronoUnit.MILLIS, min, max);
  }

  private static Type<Duration> duration(String unit, ChronoUnit chrono, long min, long max) {
    LongFunction<Duration> make = amount -> Duration.of(amount, chrono);
    return new Type<>(
        "a whole number of " + unit + " from " + min + " to " + max,
        text -> make.apply(number(text, min, max)));
  }

  public static Type<Integer> oneOfNumbers(List<Integer> allowed) {
    return new Type<>(
        "one of " + String.join(", ", allowed.stream().map(String::valueOf).toList()),
        text -> {
          int number = Math.toIntExact(number(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
          if (!allowed.contains(number)) {
            throw new BadValueException("is none of the values that are allowed");
          }
          return number;
        });
  }

  public static Type<Boolean> bool() {
    return new Type<>(
        "true or false",
        text -> {
          String lower = text.toLowerCase(Locale.ROOT);
          if (YES.contains(lower)) {
            return true;
          }
          if (NO.contains(lower)) {
            return false;
          }
          throw new BadValueException("is neither true nor false");
        });
  }

  /** A constant of the enum, in lower case and with hyphens for underscores; case is ignored. */
  public static <E extends Enum<E>> Type<E> oneOf(Class<E> type) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    return new Type<>(
        "one of " + String.join(", ", constants.stream().map(Types::text).toList()),
        text ->
            constants.stream()
                .filter(constant -> text(constant).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new BadValueException("is none of its options")));
  }

  /** The text that {@link #oneOf} reads as that constant. */
  public static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Type<String> text(String form) {
    return new Type<>(form, Types::singleLine);
  }

  /** At most so many bytes of UTF-8, as AMQP's short strings are (AMQP 0-9-1, section 4.2.5.3). */
  public static Type<String> text(String form, int maxBytes) {
    return new Type<>(form, text -> atMost(maxBytes, singleLine(text)));
  }

  public static Type<String> matching(String form, String regex) {
    Pattern pattern = Pattern.compile(regex);
    return new Type<>(
        form,
        text -> {
          if (!pattern.matcher(singleLine(text)).matches()) {
            throw new BadValueException("is not of that form");
          }
          return text;
        });
  }

  public static Type<Secret> secret(String form) {
    return new Type<>(form, text -> new Secret(withoutLineBreak(text)));
  }

  public static Type<Path> file(String what) {
    return new Type<>("the path of " + what, Types::readableFile);
  }

  public static String atMost(int maxBytes, String text) throws BadValueException {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > maxBytes) {
      throw new BadValueException("has " + bytes + " bytes", "write at most " + maxBytes);
    }
    return text;
  }

  public static String singleLine(String text) throws BadValueException {
    if (withoutLineBreak(text).chars().anyMatch(Character::isISOControl)) {
      throw new BadValueException("holds a control character", "remove it");
    }
    return text;
  }

  private static String withoutLineBreak(String text) throws BadValueException {
    if (text.contains("\n") || text.contains("\r")) {
      throw new BadValueException(
          "goes over more than one line",
          "an indented line continues the value above it, so take the indentation away or write"
              + " the value on one line");
    }
    return text;
  }

  public static long number(String text, long min, long max) throws BadValueException {
    if (!WHOLE.matcher(text).matches()) {
      throw new BadValueException("is not a whole number");
    }
    long number = Long.parseLong(text);
    if (number < min || number > max) {
      throw new BadValueException("is out of range");
    }
    return number;
  }

  private static Path readableFile(String text) throws BadValueException {
    Optional<NativeText.Flaw> flaw = NativeText.flaw(text);
    if (flaw.isPresent()) {
      throw new BadValueException(flaw.get().what(), flaw.get().advice());
    }
    Path path;
    try {
      path = Path.of(singleLine(text));
    } catch (InvalidPathException e) {
      throw new BadValueException("is not a path");
    }
    if (Files.isDirectory(path)) {
      throw new BadValueException("is a directory");
    }
    if (!Files.exists(path)) {
      throw new BadValueException("does not exist");
    }
    if (!Files.isReadable(path)) {
      throw new BadValueException(
          "may not be read by this user", "change its owner or permissions");
    }
    return path;
  }
}
