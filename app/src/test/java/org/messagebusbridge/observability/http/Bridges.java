package org.messagebusbridge.observability.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.messagebusbridge.observability.Reading;
import org.messagebusbridge.observability.Reading.Side;
import org.messagebusbridge.observability.Readings;
import org.messagebusbridge.relay.LinkStats;

/** Bridges as they may be found. */
final class Bridges {
  static final About ABOUT =
      new About(
          "2.0.0",
          "host-1, process 42",
          Instant.parse("2026-11-24T09:59:00Z"),
          "parallel",
          "amqps://broker.example.com:5671",
          "wss://api.example.com",
          "to_ws",
          "from_ws");

  static final String CUT = "The connection to wss://api.example.com/v1 was cut: <b>reset</b>.";

  private Bridges() {}

  static Reading relaying() {
    return Readings.at(Duration.ofSeconds(5), 100, 40);
  }

  /** In that state, with sides as given. */
  static Reading in(String state, boolean mq, boolean webSocket) {
    return in(relaying(), state, mq, webSocket);
  }

  /** With these numbers, but in that state, with sides as given. */
  static Reading in(Reading all, String state, boolean mq, boolean webSocket) {
    return new Reading(
        all.time(),
        all.nanoTime(),
        state,
        new Side(mq, 1, Optional.empty()),
        new Side(webSocket, 7, Optional.of(new LinkStats.Failure(all.time(), CUT))),
        all.toWs(),
        all.fromWs(),
        all.toWsQueue(),
        Optional.empty(),
        all.export());
  }
}
