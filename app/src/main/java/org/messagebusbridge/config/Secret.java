package org.messagebusbridge.config;

/** A value that never shows in a log, an error or a {@code toString}. */
public final class Secret {
  /** What is shown in its place. */
  static final String MASK = "********";

  private final String value;

  public Secret(String value) {
    this.value = value;
  }

  /** The value itself, for the one place that needs it. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return MASK;
  }
}
