package org.messagebusbridge.websocket;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a bus has learnt of how its peer takes pings, and warns of. It may be pinged as often as its
 * configuration says, until it closes a connection over its pings. Undertow, and so WildFly, takes
 * 300 of them a minute on a connection and closes with 1008 over the next ({@code
 * WEB_SOCKETS_PING_MAX_PER_WINDOW}). Any thread.
 */
final class PingAllowance {
  private static final Logger log = LoggerFactory.getLogger(PingAllowance.class);

  /** 240 a minute. */
  private static final Duration SELDOM = Duration.ofMillis(250);

  private volatile Duration interval;
  private final AtomicBoolean strange = new AtomicBoolean();

  /**
   * @param configured {@code ws_receipt_interval_ms}
   */
  PingAllowance(Duration configured) {
    this.interval = configured;
  }

  /** The least time between two pings that prove something; zero: none. */
  Duration interval() {
    return interval;
  }

  /** The peer turns out to answer pings with payloads of its own, on a connection; said once. */
  void answeredStrangely() {
    if (!strange.getAndSet(true)) {
      log.warn(
          "The WebSocket peer answers pings with payloads of its own, against RFC 6455: receipts"
              + " go by the order of its pongs, which proves less (ws_pong_match)");
    }
  }

  /** The peer has closed a connection so: of the codes, only a policy can be about pings. */
  void closed(int code, String reason) {
    if (code == CloseCodes.POLICY_VIOLATION
        && reason.toLowerCase(Locale.ROOT).contains("ping")
        && interval.compareTo(SELDOM) < 0) {
      interval = SELDOM;
      log.atWarn()
          .addKeyValue("interval_ms", SELDOM.toMillis())
          .log(
              "The WebSocket peer closes connections over too many pings: from now on receipts are"
                  + " further apart, which bounds the rate (ws_receipt_interval_ms)");
    }
  }
}
