package org.messagebusbridge.config;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One key of the configuration: all that is known of it, for reading, the template, the reference
 * and errors alike. {@link Keys#ALL} has them all.
 *
 * @param <T> what its value becomes
 */
public final class Key<T> {
  private static final Pattern USER_INFO = Pattern.compile("//.*@");

  private enum Trait {
    REQUIRED,
    SECRET,
    CHECKED_WHEN_BLANK
  }

  private final Section section;
  private final String name;
  private final Type<T> type;
  private final Optional<String> standard;
  private final String unset;
  private final String example;
  private final String description;
  private final Set<Trait> traits;

  private Key(
      Section section,
      String name,
      Type<T> type,
      Optional<String> standard,
      String unset,
      String example,
      String description,
      Set<Trait> traits) {
    this.section = section;
    this.name = name;
    this.type = type;
    this.standard = standard;
    this.unset = unset;
    this.example = example;
    this.description = description;
    this.traits = traits;
  }

  /** A key that has a value even when nobody gives it one. */
  static <T> Key<T> standard(
      Section section, String name, Type<T> type, String standard, String description) {
    return new Key<>(
        section, name, type, Optional.of(standard), standard, standard, description, Set.of());
  }

  /**
   * A key that may be left out.
   *
   * @param unset what is so when it is left out, in a few words
   */
  static <T> Key<T> optional(
      Section section,
      String name,
      Type<T> type,
      String unset,
      String example,
      String description) {
    return new Key<>(section, name, type, Optional.empty(), unset, example, description, Set.of());
  }

  /**
   * A key without which the bridge does not start, as a rule.
   *
   * @param unset when it is required, in a few words
   */
  static <T> Key<T> required(
      Section section,
      String name,
      Type<T> type,
      String unset,
      String example,
      String description) {
    return optional(section, name, type, unset, example, description).with(Trait.REQUIRED);
  }

  /** The same key, whose value is never shown. */
  Key<T> asSecret() {
    return with(Trait.SECRET);
  }

  /** The same key, whose value is an error when it is empty, where others then count as not set. */
  Key<T> checkedWhenBlank() {
    return with(Trait.CHECKED_WHEN_BLANK);
  }

  private Key<T> with(Trait trait) {
    Set<Trait> more = EnumSet.of(trait);
    more.addAll(traits);
    return new Key<>(section, name, type, standard, unset, example, description, more);
  }

  /** The section it belongs to. */
  public Section section() {
    return section;
  }

  /** Its name in the file, in lower case; unique in the whole configuration. */
  public String name() {
    return name;
  }

  /** What it is for, as a sentence without its full stop. */
  public String description() {
    return description;
  }

  /** Whether its value must not be shown. */
  public boolean secret() {
    return traits.contains(Trait.SECRET);
  }

  /** The environment variable that overrides it: {@code MBB_<SECTION>_<KEY>}. */
  public String environmentName() {
    return environmentPrefix(section) + name.toUpperCase(Locale.ROOT);
  }

  static String environmentPrefix(Section section) {
    return "MBB_" + section.name() + "_";
  }

  Type<T> type() {
    return type;
  }

  /** The text of its default, if it has one. */
  Optional<String> standard() {
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
    return traits.contains(Trait.REQUIRED);
  }

  boolean isCheckedWhenBlank() {
    return traits.contains(Trait.CHECKED_WHEN_BLANK);
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
