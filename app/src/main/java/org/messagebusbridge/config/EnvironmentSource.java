package org.messagebusbridge.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Environment variables, {@code MBB_<SECTION>_<KEY>}. Names of that form are never secret. */
final class EnvironmentSource implements ValueSource {
  private static final String PREFIX = "MBB_";

  private final Map<String, String> environment;

  EnvironmentSource(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Whether any variable sets a key. */
  boolean setsAnything() {
    return variables().stream().anyMatch(environment::containsKey);
  }

  @Override
  public Optional<SourcedValue> find(Key<?> key) {
    for (String name : key.environmentNames()) {
      String text = environment.get(name);
      if (text != null) {
        return Optional.of(new SourcedValue(PythonText.strip(text), Origin.variable(name)));
      }
    }
    return Optional.empty();
  }

  @Override
  public List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    for (String name : variables()) {
      NativeText.flaw(environment.getOrDefault(name, ""))
          .ifPresent(flaw -> problems.add(new Problem(name, "the value " + flaw.predicate())));
    }
    return problems;
  }

  @Override
  public List<Problem> warnings() {
    List<String> known = variables();
    List<Problem> warnings = new ArrayList<>();
    for (String name : new TreeMap<>(environment).keySet()) {
      if (!name.startsWith(PREFIX) || known.contains(name)) {
        continue;
      }
      Optional<String> meant = meant(name);
      if (meant.isPresent() || ofSection(name)) {
        warnings.add(
            new Problem(
                name,
                "this environment variable sets no key of the configuration and is ignored"
                    + meant.map(near -> "; did you mean " + near + "?").orElse(".")));
      }
    }
    return warnings;
  }

  private static List<String> variables() {
    return Keys.ALL.stream().flatMap(key -> key.environmentNames().stream()).toList();
  }

  private static boolean ofSection(String name) {
    for (Section section : Keys.SECTIONS) {
      if (name.startsWith(Key.environmentPrefix(section))) {
        return true;
      }
    }
    return false;
  }

  /** What was meant: a key without its section, or with another, or one spelled much the same. */
  private static Optional<String> meant(String name) {
    String tail = name.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    for (Key<?> key : Keys.ALL) {
      if (tail.equals(key.name()) || (ofSection(name) && tail.endsWith("_" + key.name()))) {
        return Optional.of(key.environmentName());
      }
    }
    return ofSection(name)
        ? Suggestions.nearest(name, Keys.ALL.stream().map(Key::environmentName).toList())
        : Optional.empty();
  }
}
