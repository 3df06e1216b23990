package org.messagebusbridge.relay;

/** The two directions, named from the MQ side. */
public enum Direction {
  /** From the MQ broker to the WebSocket API. */
  TO_WS("to_ws"),
  /** From the WebSocket API to the MQ broker. */
  FROM_WS("from_ws");

  private final String label;

  Direction(String label) {
    this.label = label;
  }

  /** The name in every metric, log and key. */
  public String label() {
    return label;
  }
}
