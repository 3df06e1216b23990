package org.messagebusbridge.tester;

/**
 * What shows a run to its user while it is on. Called by several threads, and never slower than a
 * line can be printed.
 */
interface View extends AutoCloseable {

  /** The run begins: everything is connected. */
  void begin(String headline);

  /** A message is about to be sent. */
  void sending(TestMessage message);

  /** It was handed to the broker. */
  void sent(TestMessage message);

  /**
   * A message came.
   *
   * @param tag the broker's number of this delivery
   * @param consumed whether it is taken from the queue for good
   */
  void received(Receipt receipt, int bytes, long tag, boolean consumed);

  /** Something may go wrong; one sentence. */
  void warning(String sentence);

  /** Shows nothing any more, and leaves the terminal as it was. Idempotent. */
  @Override
  void close();
}
