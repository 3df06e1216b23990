package org.messagebusbridge.sandbox.faults;

/** A direction of the bridge, named from the MQ side. */
public enum Flow {
  /** From the queue to the WebSocket peer. */
  TO_WS("to_ws"),
  /** From the WebSocket peer to the queue. */
  FROM_WS("from_ws");

  private final String label;

  Flow(String label) {
    this.label = label;
  }

  /** As it is written in keys, logs and tables. */
  public String label() {
    return label;
  }
}
