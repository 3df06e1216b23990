package org.messagebusbridge.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A section of the configuration with its keys. A key is declared by {@link #standard}, {@link
 * #optional} or {@link #required}, in the order of the template and the reference; nothing else
 * lists it.
 */
public final class Section {
  private final String title;
  private final String about;
  private final Consumer<Values> checks;
  private final List<Key<?>> keys = new ArrayList<>();

  /**
   * A section without keys yet.
   *
   * @param title its name in the file, between brackets; case matters there
   * @param about what it is about, in a few words
   * @param checks what concerns more than one of its keys; called once, before the keys that it
   *     does not ask for are read
   */
  public Section(String title, String about, Consumer<Values> checks) {
    this.title = title;
    this.about = about;
    this.checks = checks;
  }

  /** Declares a key that has a value even when nobody gives it one. */
  public <T> Key<T> standard(String name, Type<T> type, String standard, String description) {
    return declare(
        new Key<>(this, name, type, Optional.of(standard), standard, standard, description, false));
  }

  /**
   * Declares a key that may be left out.
   *
   * @param unset what is so when it is left out, in a few words
   */
  public <T> Key<T> optional(
      String name, Type<T> type, String unset, String example, String description) {
    return declare(
        new Key<>(this, name, type, Optional.empty(), unset, example, description, false));
  }

  /**
   * Declares a key without which the bridge does not start, as a rule.
   *
   * @param unset when it is required, in a few words
   */
  public <T> Key<T> required(
      String name, Type<T> type, String unset, String example, String description) {
    return declare(
        new Key<>(this, name, type, Optional.empty(), unset, example, description, true));
  }

  private <T> Key<T> declare(Key<T> key) {
    keys.add(key);
    return key;
  }

  /** Its name in the file. */
  public String title() {
    return title;
  }

  /** Its keys, in the order of the template. */
  public List<Key<?>> keys() {
    return Collections.unmodifiableList(keys);
  }

  /** The key of that name (in lower case), or that was called so, if there is one. */
  public Optional<Key<?>> find(String name) {
    return keys.stream().filter(key -> key.names().contains(name)).findFirst();
  }

  /** What it is about, in a few words. */
  String about() {
    return about;
  }

  Consumer<Values> checks() {
    return checks;
  }

  @Override
  public String toString() {
    return title;
  }
}
