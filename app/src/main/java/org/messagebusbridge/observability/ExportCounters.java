package org.messagebusbridge.observability;

import java.util.concurrent.atomic.LongAdder;

/** Counts what could not be told the world, since the start. Any thread. */
public final class ExportCounters {
  private final LongAdder logEventsLost = new LongAdder();
  private final LongAdder failedCalls = new LongAdder();

  /** So many log events will never reach where they were to go. */
  public void logEventsLost(long count) {
    logEventsLost.add(count);
  }

  /** A call failed; it may be made again. */
  public void callFailed() {
    failedCalls.increment();
  }

  /** The counts now. */
  public Reading.Export reading() {
    return new Reading.Export(logEventsLost.sum(), failedCalls.sum());
  }
}
