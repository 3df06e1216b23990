package org.messagebusbridge.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All the bridge is told: the values in force by key, validated. What was not set and does not
 * follow from what was is the key's default.
 */
public final class Configuration {
  /** Nothing is set. */
  public static final Configuration DEFAULTS = new Configuration(Map.of());

  /** What is not a default. */
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
    if (key.standard().equals(Optional.of(value))) {
      changed.remove(key);
    } else {
      changed.put(key, value);
    }
    return new Configuration(changed);
  }

  /** The WebSocket API; empty when there is none: for {@code -X}, and for the tester. */
  public Optional<WebSocketConfig> webSocket() {
    return find(WebSocketKeys.API_HOST).map(_ -> new WebSocketConfig(this));
  }

  /** The broker and its queues. */
  public AmqpConfig amqp() {
    return new AmqpConfig(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Configuration that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
