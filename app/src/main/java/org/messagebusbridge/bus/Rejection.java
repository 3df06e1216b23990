package org.messagebusbridge.bus;

import java.time.Instant;
import java.util.Map;

/**
 * Why a message can never be delivered.
 *
 * @param reason what went wrong
 * @param detail one sentence for an operator, without the message's content
 * @param details what the peer that refused it said of it, by name, as {@link BusException#details}
 * @param attempts how many times the message was tried, 1 or more
 * @param time when it was given up
 */
public record Rejection(
    Reason reason, String detail, Map<String, Object> details, int attempts, Instant time) {

  public Rejection {
    details = Map.copyOf(details);
  }

  /** The kinds of rejection. */
  public enum Reason {
    /** Larger than the sink can ever take. */
    TOO_LARGE,
    /** The sink's peer closed the connection over it, saying so. */
    REFUSED,
    /** The sink's peer vanished each time it was sent alone. */
    PEER_FAILED,
    /** The source's side would drop it after some more deliveries that nobody accepts. */
    DELIVERY_LIMIT
  }
}
