package org.messagebusbridge.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.messagebusbridge.sandbox.EmbeddedBroker;

@Timeout(180)
class LoadTest {

  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void accountsForEveryMessageThatItSends() throws Exception {
    broker.declareQueue("loop");
    Load.Spec spec = new Load.Spec(200, 50, 0, Duration.ofMillis(100), 1, Duration.ofSeconds(20));
    List<String> phases = new ArrayList<>();
    Load load = Load.open(broker.connectionFactory(), spec, "loop", "loop");
    Figures figures;
    try {
      figures = load.run(() -> phases.add("begin"), () -> phases.add("end"));
    } finally {
      load.close();
    }

    assertThat(phases).containsExactly("begin", "end");
    assertThat(figures.isClean()).isTrue();
    assertThat(figures.sent()).isPositive();
    assertThat(figures.perSecond()).hasSize(1);
    assertThat(figures.measured()).isPositive().isLessThan(figures.sent());
    assertThat(figures.p50Millis()).isPositive().isLessThanOrEqualTo(figures.p99Millis());
    assertThat(figures.maxMillis()).isGreaterThanOrEqualTo(figures.p99Millis());
    assertThat(broker.depth("loop")).isZero();
  }

  @Test
  void sendsAtTheRateAskedForAndTimesEachMessageFromWhenItWasDue() throws Exception {
    broker.declareQueue("paced");
    Load.Spec spec =
        new Load.Spec(24, 1_000, 200, Duration.ofMillis(500), 1, Duration.ofSeconds(20));
    Figures figures;
    try (Load load = Load.open(broker.connectionFactory(), spec, "paced", "paced")) {
      figures = load.run(() -> {}, () -> {});
    }

    assertThat(figures.sent()).as("200 a second for half a second and for one").isEqualTo(300);
    assertThat(figures.isClean()).isTrue();
    assertThat(figures.p99Millis()).isLessThanOrEqualTo(figures.p999Millis());
  }

  @Test
  void sendsNoMoreThanMayBeInFlight() throws Exception {
    broker.declareQueue("away");
    broker.declareQueue("nothing");
    Load.Spec spec = new Load.Spec(24, 7, 0, Duration.ofMillis(100), 1, Duration.ofMillis(100));
    Load load = Load.open(broker.connectionFactory(), spec, "away", "nothing");
    Figures figures;
    try {
      figures = load.run(() -> {}, () -> {});
    } finally {
      load.close();
    }

    assertThat(figures.sent()).isEqualTo(7);
    assertThat(figures.lost()).isEqualTo(7);
    assertThat(figures.overall()).isZero();
    assertThat(broker.depth("away")).isEqualTo(7);
  }
}
