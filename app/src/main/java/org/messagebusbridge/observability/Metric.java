package org.messagebusbridge.observability;

import java.util.List;

/** One metric of one interval, as CloudWatch takes it. */
public sealed interface Metric {

  /** Its name. */
  String name();

  /** What it is measured in. */
  Unit unit();

  /** The units of CloudWatch that are used. */
  enum Unit {
    COUNT,
    MILLISECONDS
  }

  /** A single value. */
  record Value(String name, Unit unit, double value) implements Metric {}

  /**
   * Many values, each with how often it was seen, so that percentiles can be had of all instances
   * together.
   */
  record Values(String name, Unit unit, List<Counted> values) implements Metric {
    public Values {
      values = List.copyOf(values);
    }
  }

  /** A value, and how often it was seen: 1 or more. */
  record Counted(double value, long count) {}
}
