package org.messagebusbridge.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.sandbox.EmbeddedBroker;
import org.messagebusbridge.sandbox.child.ProcessUse;

class CpuTimeTest {

  private static CpuTime millis(long bridge, long broker, long load, long sleeps) {
    return new CpuTime(
        Duration.ofMillis(bridge), Duration.ofMillis(broker), Duration.ofMillis(load), sleeps);
  }

  @Test
  void takesEachPartSinceAnEarlierMoment() {
    assertThat(millis(100, 250, 470, 9).since(millis(30, 50, 70, 4)))
        .isEqualTo(millis(70, 200, 400, 5));
  }

  @Test
  void sharesItAmongTheRoundTrips() {
    assertThat(CpuTime.micros(Duration.ofMillis(3), 40)).isEqualTo(75);
    assertThat(CpuTime.micros(Duration.ofMillis(3), 0)).isEqualTo(3_000);
  }

  @Test
  void countsThisProcessAsTheLoadAndNoneAsABridgeThatHasNone() {
    ProcessUse self = new ProcessUse(ProcessHandle.current().pid());
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Contender direct = new Contender(Way.DIRECT, "queue", "queue", List.of());

      Duration before = self.cpu();
      CpuTime now = CpuTime.now(direct, broker);

      assertThat(now.load()).isPositive().isBetween(before, self.cpu());
      assertThat(now.bridge()).isZero();
      assertThat(now.broker()).isZero(); // this process again, already counted
    }
  }
}
