package org.messagebusbridge.relay;

/** The two directions of a bridge. */
public enum Direction {
  /** From the near side to the far one. */
  OUTBOUND,
  /** From the far side to the near one. */
  INBOUND
}
