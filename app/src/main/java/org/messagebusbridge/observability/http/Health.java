package org.messagebusbridge.observability.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.Reading.Side;

/**
 * Whether the bridge does its work: it relays with both sides connected, and neither refuses
 * everything or keeps it waiting in silence, or is a standby that would take over. A standby has to
 * count as ready, or an update that waits for the new instance to be ready before it stops the old
 * one would wait for ever.
 *
 * @param ready whether it does
 * @param state in one word
 * @param reasons why it does not, in sentences; empty when it does
 */
record Health(boolean ready, String state, List<String> reasons) {
  private static final String STANDBY = "standby";

  /** The bridge has not begun to run. */
  static final Health STARTING =
      new Health(false, "starting", List.of("The bridge is starting up."));

  Health {
    reasons = List.copyOf(reasons);
  }

  /** By what is known of both sides. */
  static Health of(Reading reading) {
    String state = reading.state();
    List<String> reasons = new ArrayList<>();
    switch (state) {
      case "draining" -> reasons.add("The bridge is stopping: what is in flight settles.");
      case "stopped" -> reasons.add("The bridge has stopped.");
      default -> {
        reason("MQ", reading.mq()).ifPresent(reasons::add);
        reading.mq().trouble().ifPresent(reasons::add);
        if (!state.equals(STANDBY)) {
          reason("The WebSocket API", reading.webSocket()).ifPresent(reasons::add);
          reading.webSocket().trouble().ifPresent(reasons::add);
        }
      }
    }
    return new Health(reasons.isEmpty(), state, reasons);
  }

  private static Optional<String> reason(String name, Side side) {
    if (side.connected()) {
      return Optional.empty();
    }
    String attempts = side.attempts() == 1 ? "1 attempt" : side.attempts() + " attempts";
    return Optional.of(
        side.lastFailure()
            .map(
                failure ->
                    "%s is not connected, after %s: %s"
                        .formatted(name, attempts, failure.sentence()))
            .orElse("%s is not connected yet.".formatted(name)));
  }
}
