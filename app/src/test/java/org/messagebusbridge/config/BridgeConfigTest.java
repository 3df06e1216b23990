package org.messagebusbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.config.BridgeConfig.HaMode;

class BridgeConfigTest {
  @Test
  void hasTheseDefaults() throws ConfigurationException {
    assertThat(Configurations.load(Configurations.MINIMAL).configuration().bridge())
        .isEqualTo(
            new BridgeConfig(
                HaMode.PARALLEL, Duration.ofSeconds(10), "127.0.0.1", OptionalInt.empty()));
  }

  @Test
  void readsEveryKey() throws ConfigurationException {
    String ini =
        Configurations.MINIMAL
            + """
            [bridge]
            ha_mode=standby
            drain_secs=0
            http_host=0.0.0.0
            http_port=9464
            """;

    assertThat(Keys.of(Section.BRIDGE))
        .allSatisfy(known -> assertThat(ini).contains("\n" + known.name() + "="));
    assertThat(Configurations.load(ini).configuration().bridge())
        .isEqualTo(
            new BridgeConfig(HaMode.STANDBY, Duration.ZERO, "0.0.0.0", OptionalInt.of(9464)));
  }
}
