package org.messagebusbridge.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One key of the configuration: all that is known of it, for reading, the template, the reference
 * and errors alike. Its {@link Section} declares it.
 *
 * @param <T> what its value becomes
 */
public final class Key<T> {
  private static final Pattern USER_INFO = Pattern.compile("//.*@");

  private final Section section;
  private final String name;
  private final Type<T> type;
  private final Optional<T> standard;
  private final String unset;
  private final String example;
  private final String description;
  private final boolean required;
  // Part of the declaration: set before anybody else sees the key.
  private boolean secret;
  private boolean checkedWhenBlank;
  private List<String> oldNames = List.of();

  Key(
      Section section,
      String name,
      Type<T> type,
      Optional<String> standard,
      String unset,
      String example,
      String description,
      boolean required) {
    this.section = section;
    this.name = name;
    this.type = type;
    this.standard = standard.map(this::valid);
    this.unset = unset;
    this.example = example;
    this.description = description;
    this.required = required;
  }

  private T valid(String text) {
    try {
      return type.parser().parse(text);
    } catch (BadValueException e) {
      throw new IllegalArgumentException("the default of " + this + " " + e.getMessage(), e);
    }
  }

  /** Part of a declaration: its value is never shown. */
  public Key<T> asSecret() {
    secret = true;
    return this;
  }

  /** Part of a declaration: an empty value is an error, where others then count as not set. */
  public Key<T> checkedWhenBlank() {
    checkedWhenBlank = true;
    return this;
  }

  /** Part of a declaration: what it was called before; read where its own name is absent. */
  public Key<T> renamedFrom(String... names) {
    oldNames = List.of(names);
    return this;
  }

  /** The section it belongs to. */
  public Section section() {
    return section;
  }

  /** Its name in the file, in lower case; unique in the whole configuration. */
  public String name() {
    return name;
  }

  /** Its name and those it had before. */
  List<String> names() {
    return Stream.concat(Stream.of(name), oldNames.stream()).toList();
  }

  /** What it is for, as a sentence without its full stop. */
  public String description() {
    return description;
  }

  /** Whether its value must not be shown. */
  public boolean secret() {
    return secret;
  }

  /** The environment variable that overrides it: {@code MBB_<SECTION>_<KEY>}. */
  public String environmentName() {
    return environmentNames().getFirst();
  }

  /** The same for each of its {@link #names}. */
  List<String> environmentNames() {
    return names().stream()
        .map(one -> environmentPrefix(section) + one.toUpperCase(Locale.ROOT))
        .toList();
  }

  static String environmentPrefix(Section section) {
    return "MBB_" + section.title().toUpperCase(Locale.ROOT) + "_";
  }

  Type<T> type() {
    return type;
  }

  /** Its default, if it has one. */
  Optional<T> standard() {
    return standard;
  }

  /** What is so when it is not set: its default, or a few words. */
  String unset() {
    return unset;
  }

  /** A text that is valid for it. */
  String example() {
    return example;
  }

  /** Whether the template has to set it. */
  boolean required() {
    return required;
  }

  boolean isCheckedWhenBlank() {
    return checkedWhenBlank;
  }

  /** The value as it may be shown: without what is secret in it. */
  String shown(String value) {
    if (secret()) {
      return Secret.MASK;
    }
    return value.contains("@") && value.contains("//")
        ? USER_INFO.matcher(value).replaceFirst("//" + Secret.MASK + "@")
        : value;
  }

  /** {@code section.name}. */
  @Override
  public String toString() {
    return section + "." + name;
  }
}
