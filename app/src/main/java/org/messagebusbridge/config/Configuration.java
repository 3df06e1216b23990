package org.messagebusbridge.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All the bridge is told: the values in force by key, validated. What was not set and does not
 * follow from what was is the key's default.
 */
public final class Configuration {
  /** Nothing is set. */
  public static final Configuration DEFAULTS = new Configuration(Map.of());

  private final Map<Key<?>, Object> values;

  private Configuration(Map<Key<?>, Object> values) {
    this.values = values;
  }

  /**
   * The value of a key.
   *
   * @throws IllegalStateException when it has none; the loader sees to those that are required
   */
  public <T> T get(Key<T> key) {
    return find(key).orElseThrow(() -> new IllegalStateException(key + " is not set"));
  }

  /** The value of a key that may be left out. */
  @SuppressWarnings("unchecked") // with() takes a value of the key's own type alone
  public <T> Optional<T> find(Key<T> key) {
    Object value = values.get(key);
    return value == null ? key.standard() : Optional.of((T) value);
  }

  /** The same with another value. */
  public <T> Configuration with(Key<T> key, T value) {
    Map<Key<?>, Object> changed = new HashMap<>(values);
    changed.put(key, value);
    return new Configuration(changed);
  }

  /** The same with the values of some keys as another has them. */
  public Configuration with(List<Key<?>> keys, Configuration other) {
    Map<Key<?>, Object> changed = new HashMap<>(values);
    for (Key<?> key : keys) {
      Object value = other.values.get(key);
      if (value == null) {
        changed.remove(key);
      } else {
        changed.put(key, value);
      }
    }
    return new Configuration(changed);
  }

  /** The bus of a side: the one whose section sets a key, and the first one when none does. */
  public BusModule bus(BusModule.Side side) {
    return Keys.bus(side, values::containsKey);
  }

  /** A default that was set is the same as one that was not. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Configuration that && all().equals(that.all());
  }

  @Override
  public int hashCode() {
    return all().hashCode();
  }

  private List<Object> all() {
    return Keys.ALL.stream().<Object>map(key -> find(key)).toList();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
