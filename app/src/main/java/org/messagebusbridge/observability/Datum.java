package org.messagebusbridge.observability;

import java.util.List;
import org.messagebusbridge.observability.Metric.Unit;

/** One metric of one interval, as CloudWatch takes it. */
public sealed interface Datum {

  /** Its name. */
  String name();

  /** What it is measured in. */
  Unit unit();

  /** A single value. */
  record Value(String name, Unit unit, double value) implements Datum {}

  /**
   * Many values, each with how often it was seen, so that percentiles can be had of all instances
   * together.
   */
  record Values(String name, Unit unit, List<Counted> values) implements Datum {
    public Values {
      values = List.copyOf(values);
    }
  }

  /** A value, and how often it was seen: 1 or more. */
  record Counted(double value, long count) {}
}
