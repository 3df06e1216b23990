package org.messagebusbridge.config;

import java.time.Duration;

/**
 * What the records hold themselves to, whoever makes them. The loader checks more, and says it to
 * the operator; what fails here is a programmer's mistake.
 */
final class Check {
  private Check() {}

  static void that(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }

  static void range(String name, long value, long min, long max) {
    that(value >= min && value <= max, name + " has to be from " + min + " to " + max);
  }

  static void notBlank(String name, String value) {
    that(!value.isBlank(), name + " must not be blank");
  }

  static void notNegative(String name, Duration duration) {
    that(!duration.isNegative(), name + " must not be negative");
  }

  static void positive(String name, Duration duration) {
    that(duration.isPositive(), name + " has to be more than zero");
  }
}
