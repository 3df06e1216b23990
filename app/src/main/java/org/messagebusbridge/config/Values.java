package org.messagebusbridge.config;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks keys up in the sources, the first one that has a value wins, and gathers what is wrong on
 * the way, once each. An empty value counts as none. Confined to one thread.
 */
public final class Values {
  private final List<ValueSource> sources;
  private final Requirements requirements;
  private final List<Section> sections;
  private final Set<Problem> problems = new LinkedHashSet<>();
  private final Set<Problem> warnings = new LinkedHashSet<>();
  private final Map<Key<?>, Setting> derived = new HashMap<>();
  private Configuration configuration = Configuration.DEFAULTS;

  Values(List<ValueSource> sources, Requirements requirements) {
    this.sources = List.copyOf(sources);
    this.requirements = requirements;
    for (ValueSource source : sources) {
      problems.addAll(source.problems());
      warnings.addAll(source.warnings());
    }
    this.sections = Keys.SECTIONS.stream().filter(this::concerns).toList();
  }

  /** Whether a section is read: of the buses, that of one for each side that is needed. */
  private boolean concerns(Section section) {
    for (BusModule module : Keys.MODULES) {
      if (module.section().equals(Optional.of(section))) {
        return (requirements.api() || module.side() == BusModule.Side.MQ) && isChosen(module);
      }
    }
    return requirements.bridge();
  }

  private boolean isChosen(BusModule module) {
    List<BusModule> named = Keys.named(module.side(), key -> set(key).isPresent());
    if (named.size() > 1) {
      problems.add(
          new Problem(
              "",
              named.stream()
                      .flatMap(one -> one.section().stream())
                      .map(section -> "[" + section + "]")
                      .collect(Collectors.joining(" and "))
                  + " are for the same side of the bridge; keep one of them."));
    }
    return Keys.bus(module.side(), key -> set(key).isPresent()).equals(module);
  }

  /** Reads and checks all keys of the sections that are read. */
  void read() {
    for (Section section : sections) {
      section.checks().accept(this);
      section.keys().forEach(this::take);
    }
  }

  private <T> void take(Key<T> key) {
    optional(key).ifPresent(value -> configuration = configuration.with(key, value));
  }

  /** What the configuration has to be complete for. */
  Requirements requirements() {
    return requirements;
  }

  /** The value of a key; its default when nobody set it, and when what was set is wrong. */
  public <T> T standard(Key<T> key) {
    return optional(key).or(key::standard).orElseThrow();
  }

  /** The value of a key, if it was set and is right. */
  public <T> Optional<T> optional(Key<T> key) {
    Optional<SourcedValue> found = sections.contains(key.section()) ? set(key) : Optional.empty();
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
  public <T> Optional<T> required(Key<T> key, String why) {
    if (set(key).isEmpty()) {
      missing(key, why);
    }
    return optional(key);
  }

  /** Whether any source gives the key a value, right or wrong. */
  public boolean isSet(Key<?> key) {
    return sections.contains(key.section()) && set(key).isPresent();
  }

  /** An error: the key is needed, for a reason that the rest of the sentence says. */
  public void missing(Key<?> key, String why) {
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
  public void wrong(Key<?> key, String sentence) {
    problems.add(about(key, sentence));
  }

  /** Something about the value of a key that is likely not meant. */
  public void warn(Key<?> key, String sentence) {
    warnings.add(about(key, sentence));
  }

  private Problem about(Key<?> key, String sentence) {
    return set(key)
        .map(found -> Problem.of(key, found.origin(), sentence))
        .orElseGet(() -> Problem.of(key, sentence));
  }

  /**
   * Sets what follows from other keys, unless the key was set itself.
   *
   * @param text the value as a file would have it
   * @param origin what it follows from
   */
  public <T> void derived(Key<T> key, T value, String text, Origin origin) {
    if (set(key).isEmpty()) {
      configuration = configuration.with(key, value);
      derived.put(key, new Setting(key, Optional.of(key.shown(text)), origin));
    }
  }

  boolean failed() {
    return !problems.isEmpty();
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  List<Problem> warnings() {
    return List.copyOf(warnings);
  }

  /** The values of the sections that were read. */
  Configuration configuration() {
    return configuration;
  }

  /** All keys with what is in force, in the order of the template, as it may be shown. */
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
    return key.standard().isPresent()
        ? new Setting(key, Optional.of(key.unset()), Origin.DEFAULT)
        : new Setting(key, Optional.empty(), Origin.NOT_SET);
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
