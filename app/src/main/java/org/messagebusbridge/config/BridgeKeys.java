package org.messagebusbridge.config;

import java.time.Duration;
import java.util.OptionalInt;

/** The keys of section {@code bridge}. */
public final class BridgeKeys {
  /** What several instances are to each other. */
  public enum HaMode {
    /** They compete for the queue. */
    PARALLEL,
    /** One works, the others wait. */
    STANDBY
  }

  /** The section. */
  public static final Section SECTION = new Section("bridge", "the bridge itself", _ -> {});

  public static final Key<HaMode> HA_MODE =
      SECTION.standard(
          "ha_mode",
          Types.oneOf(HaMode.class),
          "parallel",
          "What several instances do: parallel, they compete for the queue; standby, one works and"
              + " the others wait");
  public static final Key<Duration> DRAIN =
      SECTION.standard(
          "drain_secs",
          Types.seconds(0, 3600),
          "10",
          "How long messages under way may take to settle at shutdown, in seconds");
  public static final Key<String> HTTP_HOST =
      SECTION.standard(
          "http_host",
          HostNames.host("http_port"),
          "127.0.0.1",
          "The address that the page, /metrics and /health are served on");
  public static final Key<OptionalInt> HTTP_PORT =
      SECTION.standard(
          "http_port",
          Types.portOrOff(),
          "off",
          "The port that the page, /metrics and /health are served on");

  private BridgeKeys() {}
}
