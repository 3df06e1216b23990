package org.messagebusbridge.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.messagebusbridge.observability.Metric.Counted;

class LatencyReadingTest {
  /** Buckets of 1 ms: 0 to 1, 1 to 2, 2 to 3, 3 to 4. */
  private static LatencyReading millis(long... counts) {
    return LatencyReading.of(counts, bucket -> bucket * 1_000L, 6_000_000);
  }

  @Test
  void countsAndAddsUp() {
    LatencyReading reading = millis(1, 0, 5, 4);
    assertThat(reading.count()).isEqualTo(10);
    assertThat(reading.sumSeconds()).isEqualTo(0.006);
    assertThat(reading.countUpTo(0)).isZero();
    assertThat(reading.countUpTo(1_000)).isEqualTo(1);
    assertThat(reading.countUpTo(3_000)).isEqualTo(6);
    assertThat(reading.countUpTo(Long.MAX_VALUE)).isEqualTo(10);
  }

  @Test
  void quantilesAreTheUpperEndOfABucket() {
    LatencyReading reading = millis(1, 0, 5, 4);
    assertThat(reading.quantileMillis(0)).isEqualTo(1);
    assertThat(reading.quantileMillis(0.1)).isEqualTo(1);
    assertThat(reading.quantileMillis(0.5)).isEqualTo(3);
    assertThat(reading.quantileMillis(0.99)).isEqualTo(4);
    assertThat(LatencyReading.none().quantileMillis(0.5)).isZero();
  }

  @Test
  void whatHappenedSinceIsTheDifference() {
    LatencyReading since = millis(3, 1, 5, 4).since(millis(1, 1, 0, 4));
    assertThat(visited(since)).containsExactly(new Counted(0.5, 2), new Counted(2.5, 5));
    assertThat(since.sumSeconds()).isZero();
    assertThat(visited(millis(3).since(LatencyReading.none())))
        .containsExactly(new Counted(0.5, 3));
  }

  private static List<Counted> visited(LatencyReading reading) {
    List<Counted> values = new ArrayList<>();
    reading.forEach((value, count) -> values.add(new Counted(value, count)));
    return values;
  }
}
