package org.messagebusbridge.config;

import java.util.List;
import java.util.Optional;

/** A place that values come from: the environment, a file, a parameter store. */
public interface ValueSource {
  /**
   * The value of a key, empty text included.
   *
   * @return empty when this source does not mention the key
   */
  Optional<SourcedValue> find(Key<?> key);

  /** What makes the source unusable as a whole or in part; reported with all other errors. */
  List<Problem> problems();

  /** What the source holds that is not taken up, such as unknown keys. */
  List<Problem> warnings();

  /** Where a key that is missing can be set, as what to do: {@code set it in [aws_mq]}. */
  default String advice(Key<?> key) {
    return "set it in [" + key.section() + "]";
  }
}
