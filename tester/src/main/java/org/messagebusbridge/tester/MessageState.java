package org.messagebusbridge.tester;

/** What became of a message so far. */
enum MessageState {
  /** It was sent, and there is time yet. */
  OUT,
  /** It was sent, and should have been back by now. */
  OVERDUE,
  /** It came back in time. */
  BACK,
  /** It came back late. */
  LATE,
  /** The broker did not take it. */
  REFUSED,
  /** It came back with another body. */
  DAMAGED
}
