package org.messagebusbridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PingAllowanceTest {
  @ParameterizedTest
  @CsvSource({
    "1008, 'UT002049: Too many pings, calm down: 302', 250",
    "1008, PING flood, 250",
    "1008, please log in, 0",
    "1008, '', 0",
    "1011, too many pings, 0",
    "4400, stop pinging, 0"
  })
  void isLessForAPeerThatClosesOverPings(int code, String reason, int millis) {
    PingAllowance pings = new PingAllowance(Duration.ZERO);
    assertThat(pings.interval()).isZero();
    pings.closed(code, reason);
    assertThat(pings.interval()).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void whatIsConfiguredToBeMoreStays() {
    PingAllowance pings = new PingAllowance(Duration.ofSeconds(1));
    pings.closed(1008, "too many pings");
    assertThat(pings.interval()).isEqualTo(Duration.ofSeconds(1));
  }
}
