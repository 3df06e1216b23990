package org.messagebusbridge.config;

/**
 * Something wrong in the configuration, or to be warned about.
 *
 * @param where the key and where its value came from, or the line of a file; empty when the
 *     sentence says it itself
 * @param sentence what is wrong and what would be right, with its full stop; never holds a secret
 */
public record Problem(String where, String sentence) {

  /** About one value. */
  static Problem of(Key<?> key, Origin origin, String sentence) {
    return new Problem(key + " (" + origin + ")", sentence);
  }

  /** About a key that has no value. */
  static Problem of(Key<?> key, String sentence) {
    return new Problem(key.toString(), sentence);
  }

  /** Both in one line. */
  @Override
  public String toString() {
    return where.isEmpty() ? sentence : where + ": " + sentence;
  }
}
