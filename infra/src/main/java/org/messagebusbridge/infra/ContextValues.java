package org.messagebusbridge.infra;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads values of the CDK's context and, where that has none, of an environment's file; gathers
 * what is wrong with them.
 */
final class ContextValues {
  /** Names that people give; those of the CDK itself have a colon, a slash or a dash in them. */
  private static final Pattern OURS = Pattern.compile("[A-Za-z][A-Za-z0-9]*");

  private final Map<String, Object> context;
  private final EnvironmentFile file;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<String> problems = new ArrayList<>();

  ContextValues(Map<String, Object> context, EnvironmentFile file) {
    this.context = context;
    this.file = file;
  }

  /** The text of a value; empty when it is not given, or blank. */
  Optional<String> text(String name) {
    known.add(name);
    return value(name)
        .map(ContextValues::joined)
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  private Optional<Object> value(String name) {
    return Optional.ofNullable(context.get(name))
        .or(() -> Optional.ofNullable(file.values().get(name)));
  }

  private static String joined(Object value) {
    return switch (value) {
      case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(","));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + entry.getValue())
              .collect(Collectors.joining(","));
      default -> value.toString();
    };
  }

  /** A value that has to match, and is described by {@code form} when it does not. */
  Optional<String> matching(String name, String pattern, String form) {
    Optional<String> value = text(name);
    if (value.isPresent() && !value.get().matches(pattern)) {
      wrong(name, value.get(), form);
      return Optional.empty();
    }
    return value;
  }

  /** A list of values, each of which has to match; parted by commas on the command line. */
  List<String> list(String name, String pattern, String form) {
    List<String> values =
        text(name).stream()
            .flatMap(text -> Stream.of(text.split(",", -1)))
            .map(String::strip)
            .toList();
    for (String value : values) {
      if (!value.matches(pattern)) {
        wrong(name, value, form);
        return List.of();
      }
    }
    return values;
  }

  String oneOf(String name, String standard, String... allowed) {
    String value = text(name).map(text -> text.toLowerCase(Locale.ROOT)).orElse(standard);
    if (Arrays.asList(allowed).contains(value)) {
      return value;
    }
    wrong(
        name,
        value,
        allowed.length == 2
            ? allowed[0] + " or " + allowed[1]
            : "one of " + String.join(", ", allowed));
    return standard;
  }

  boolean flag(String name, boolean standard) {
    return oneOf(name, Boolean.toString(standard), "true", "false").equals("true");
  }

  int number(String name, int standard, int least, int most) {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      return standard;
    }
    if (value.get().matches("\\d{1,9}")) {
      int number = Integer.parseInt(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    }
    wrong(name, value.get(), "a whole number from " + least + " to " + most);
    return standard;
  }

  /** How a value is named in a sentence: as it was given. */
  String named(String name) {
    return context.containsKey(name) || !file.values().containsKey(name)
        ? "-c " + name
        : file.name() + ": " + name;
  }

  /** Reports a value that is not what it should be. */
  void wrong(String name, String value, String form) {
    problem(named(name) + "=" + value + " is not " + form + ".");
  }

  void problem(String sentence) {
    problems.add(sentence);
  }

  /** What was asked for, in that order. */
  Set<String> known() {
    return known;
  }

  /**
   * Reports names that nobody asked for; call it last.
   *
   * @throws OptionsException when anything was reported
   */
  void end() throws OptionsException {
    Stream.concat(
            context.keySet().stream().filter(name -> OURS.matcher(name).matches()),
            file.values().keySet().stream())
        .filter(name -> !known.contains(name))
        .sorted()
        .distinct()
        .forEach(
            name ->
                problem(
                    "there is no option "
                        + named(name)
                        + "; there are "
                        + String.join(", ", known)
                        + "."));
    if (!problems.isEmpty()) {
      throw new OptionsException(problems);
    }
  }
}
