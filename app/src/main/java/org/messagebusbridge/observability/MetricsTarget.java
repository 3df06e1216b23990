package org.messagebusbridge.observability;

import java.time.Instant;
import java.util.List;

/** Where metrics go to. Used by one thread at a time. */
@FunctionalInterface
public interface MetricsTarget {

  /**
   * Sends the metrics of one interval; waits until they were taken.
   *
   * @param time the end of the interval
   * @throws ExportException when they were not, or it is not known
   */
  void put(Instant time, List<Datum> metrics) throws ExportException;
}
