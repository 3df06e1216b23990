package org.messagebusbridge.config;

/**
 * The text of a value and where it came from. May be a secret: {@code toString} does not show it.
 *
 * @param text stripped; may be empty
 */
public record SourcedValue(String text, Origin origin) {
  @Override
  public String toString() {
    return Secret.MASK + " (" + origin + ")";
  }
}
