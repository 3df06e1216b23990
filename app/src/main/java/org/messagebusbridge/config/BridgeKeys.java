package org.messagebusbridge.config;

import static org.messagebusbridge.config.Section.BRIDGE;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** The keys of section {@code bridge}. */
final class BridgeKeys {
  static final Key<BridgeConfig.HaMode> HA_MODE =
      Key.standard(
          BRIDGE,
          "ha_mode",
          Types.oneOf(BridgeConfig.HaMode.class),
          "parallel",
          "What several instances do: parallel, they compete for the queue; standby, one works and"
              + " the others wait");
  static final Key<Duration> DRAIN =
      Key.standard(
          BRIDGE,
          "drain_secs",
          Types.seconds(0, 3600),
          "10",
          "How long messages under way may take to settle at shutdown, in seconds");
  static final Key<String> HTTP_HOST =
      Key.standard(
          BRIDGE,
          "http_host",
          HostNames.host("http_port"),
          "127.0.0.1",
          "The address that the page, /metrics and /health are served on");
  static final Key<OptionalInt> HTTP_PORT =
      Key.standard(
          BRIDGE,
          "http_port",
          Types.portOrOff(),
          "off",
          "The port that the page, /metrics and /health are served on");

  static final List<Key<?>> ALL = List.of(HA_MODE, DRAIN, HTTP_HOST, HTTP_PORT);

  private BridgeKeys() {}
}
