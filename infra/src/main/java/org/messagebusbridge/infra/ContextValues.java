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

/** Reads values of the CDK's context, and gathers what is wrong with them. */
final class ContextValues {
  /** Names that people give; those of the CDK itself have a colon, a slash or a dash in them. */
  private static final Pattern OURS = Pattern.compile("[A-Za-z][A-Za-z0-9]*");

  private final Map<String, Object> context;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<String> problems = new ArrayList<>();

  ContextValues(Map<String, Object> context) {
    this.context = context;
  }

  /** The text of a value; empty when it is not given, or blank. */
  Optional<String> text(String name) {
    known.add(name);
    return Optional.ofNullable(context.get(name))
        .map(value -> value.toString().strip())
        .filter(value -> !value.isEmpty());
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

  /** Reports a value that is not what it should be. */
  void wrong(String name, String value, String form) {
    problem("-c " + name + "=" + value + " is not " + form + ".");
  }

  void problem(String sentence) {
    problems.add(sentence);
  }

  /**
   * Reports names that nobody asked for; call it last.
   *
   * @throws OptionsException when anything was reported
   */
  void end() throws OptionsException {
    context.keySet().stream()
        .filter(name -> OURS.matcher(name).matches() && !known.contains(name))
        .sorted()
        .forEach(
            name ->
                problem(
                    "there is no option -c "
                        + name
                        + "; there are "
                        + String.join(", ", known)
                        + "."));
    if (!problems.isEmpty()) {
      throw new OptionsException(problems);
    }
  }
}
