package org.messagebusbridge.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks keys up in the sources, the first one that has a value wins, and gathers what is wrong on
 * the way. An empty value counts as none. Confined to one thread.
 */
final class Values {
  private final List<ValueSource> sources;
  private final Requirements requirements;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final Map<Key<?>, Setting> derived = new HashMap<>();

  Values(List<ValueSource> sources, Requirements requirements) {
    this.sources = List.copyOf(sources);
    this.requirements = requirements;
    for (ValueSource source : sources) {
      problems.addAll(source.problems());
      warnings.addAll(source.warnings());
    }
  }

  /** The value of a key; its default when nobody set it, and when what was set is wrong. */
  <T> T standard(Key<T> key) {
    Optional<T> value = optional(key);
    if (value.isPresent()) {
      return value.get();
    }
    String text =
        key.standard().orElseThrow(() -> new IllegalStateException(key + " has no default"));
    try {
      return key.type().parser().parse(text);
    } catch (BadValueException e) {
      throw new IllegalStateException("the default of " + key + " " + e.getMessage(), e);
    }
  }

  /** The value of a key, if it was set and is right. */
  <T> Optional<T> optional(Key<T> key) {
    Optional<SourcedValue> found = requirements.reads(key.section()) ? set(key) : Optional.empty();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(key.type().parser().parse(found.get().text()));
    } catch (BadValueException e) {
      wrong(key, subject(key, found.get().text()) + " " + e.predicate(key.type()));
      return Optional.empty();
    }
  }

  /** The same; that nobody set it is an error, which says for what it is required. */
  <T> Optional<T> required(Key<T> key, String why) {
    if (set(key).isEmpty()) {
      missing(key, why);
    }
    return optional(key);
  }

  /** Whether any source gives the key a value, right or wrong. */
  boolean isSet(Key<?> key) {
    return requirements.reads(key.section()) && set(key).isPresent();
  }

  void missing(Key<?> key, String why) {
    String advice =
        "; "
            + sources.getLast().advice(key)
            + ", or "
            + key.environmentName()
            + " in the environment.";
    Optional<Origin> blank = mentions(key).map(SourcedValue::origin);
    problems.add(
        blank.isPresent()
            ? Problem.of(key, blank.get(), "is empty, but " + why + advice)
            : Problem.of(key, "is missing, but " + why + advice));
  }

  /** An error about the value of a key. */
  void wrong(Key<?> key, String sentence) {
    problems.add(about(key, sentence));
  }

  void warn(Key<?> key, String sentence) {
    warnings.add(about(key, sentence));
  }

  private Problem about(Key<?> key, String sentence) {
    return set(key)
        .map(found -> Problem.of(key, found.origin(), sentence))
        .orElseGet(() -> Problem.of(key, sentence));
  }

  /** Notes what is in force for a key that nobody set. */
  void derived(Key<?> key, String value, Origin origin) {
    if (set(key).isEmpty()) {
      derived.put(key, new Setting(key, Optional.of(key.shown(value)), origin));
    }
  }

  boolean failed() {
    return !problems.isEmpty();
  }

  List<Problem> problems() {
    return problems;
  }

  List<Problem> warnings() {
    return warnings;
  }

  /** All keys with what is in force, in the order of the template. */
  List<Setting> settings() {
    return Keys.ALL.stream().map(this::setting).toList();
  }

  private Setting setting(Key<?> key) {
    Optional<SourcedValue> found = set(key);
    if (found.isPresent()) {
      return new Setting(key, Optional.of(key.shown(found.get().text())), found.get().origin());
    }
    Setting noted = derived.get(key);
    if (noted != null) {
      return noted;
    }
    return new Setting(
        key, key.standard(), key.standard().isPresent() ? Origin.DEFAULT : Origin.NOT_SET);
  }

  private Optional<SourcedValue> set(Key<?> key) {
    for (ValueSource source : sources) {
      Optional<SourcedValue> found = source.find(key);
      if (found.isPresent() && (!found.get().text().isEmpty() || key.isCheckedWhenBlank())) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<SourcedValue> mentions(Key<?> key) {
    return sources.stream().flatMap(source -> source.find(key).stream()).findFirst();
  }

  private static String subject(Key<?> key, String text) {
    if (key.secret() || text.isBlank() || text.contains("@")) {
      return "the value";
    }
    String line = text.lines().findFirst().orElse("");
    return '"' + (line.length() > 60 ? line.substring(0, 60) + "..." : line) + '"';
  }
}
