package org.messagebusbridge.config;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * Section {@code bridge}: the bridge itself.
 *
 * @param haMode {@code ha_mode}
 * @param drain {@code drain_secs}: how long in-flight deliveries may take to settle at shutdown
 * @param httpHost {@code http_host}
 * @param httpPort {@code http_port}; empty: off
 */
public record BridgeConfig(HaMode haMode, Duration drain, String httpHost, OptionalInt httpPort) {

  public BridgeConfig {
    Check.notNegative("drain", drain);
    Check.notBlank("httpHost", httpHost);
    // 0 is any free port: of use to tests, but not to be configured.
    httpPort.ifPresent(port -> Check.range("httpPort", port, 0, 65_535));
  }

  /** What several instances are to each other. */
  public enum HaMode {
    /** They compete for the queue. */
    PARALLEL,
    /** One works, the others wait. */
    STANDBY
  }
}
