package org.messagebusbridge.observability;

import java.util.List;

/** Where the log goes to. Used by one thread at a time. */
@FunctionalInterface
public interface LogTarget {

  /**
   * Tries whether anything can be sent, so that a mistake shows at the start; waits for that.
   *
   * @throws ExportException when it cannot
   */
  default void open() throws ExportException {}

  /**
   * Sends a batch; waits until it was taken.
   *
   * @param batch in the order of its times, within the limits of CloudWatch Logs; not empty
   * @return how many of it will never be kept, because they are too old or too new
   * @throws ExportException when it was not taken, or it is not known
   */
  int put(List<LogEntry> batch) throws ExportException;
}
