package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Property
  void aTimeIsCountedInTheBucketWhoseBoundsHoldItToASixteenth(
      @ForAll @LongRange(min = 0, max = (1L << 37) - 1) long micros) {
    Latencies one = new Latencies();
    one.add(micros * 1_000);
    int bucket = bucketOf(micros);
    assertThat(values(one.snapshot()))
        .containsExactly(
            new Counted(
                (Latencies.fromMicros(bucket) + Latencies.fromMicros(bucket + 1)) / 2e3, 1));
    assertThat(Latencies.fromMicros(bucket)).isLessThanOrEqualTo(micros);
    assertThat(Latencies.fromMicros(bucket + 1)).isGreaterThan(micros);
    assertThat(Latencies.fromMicros(bucket + 1) - Latencies.fromMicros(bucket))
        .isLessThanOrEqualTo(Math.max(1, micros / 16));
  }

  @Test
  void theBucketsFollowEachOtherWithoutAGap() {
    for (int bucket = 1; bucket <= Latencies.BUCKETS; bucket++) {
      assertThat(Latencies.fromMicros(bucket)).isGreaterThan(Latencies.fromMicros(bucket - 1));
    }
    assertThat(Latencies.fromMicros(Latencies.BUCKETS)).isEqualTo(1L << 37);
  }

  @Test
  void whatIsTooLongOrBelowZeroCountsAtTheEnds() {
    latencies.add(Long.MAX_VALUE / 2);
    latencies.add(-5);
    assertThat(values(latencies.snapshot()))
        .containsExactly(
            new Counted(0.000_5, 1),
            new Counted((Latencies.fromMicros(Latencies.BUCKETS - 1) + (1L << 37)) / 2e3, 1));
  }

  @Test
  void timesAreAddedUp() {
    latencies.add(1_500);
    latencies.add(2_500);
    assertThat(latencies.snapshot().sumSeconds()).isEqualTo(4e-6);
  }

  @Test
  void countsUpToATime() {
    add(1, 0, 5, 4);
    Latencies.Snapshot snapshot = latencies.snapshot();
    assertThat(snapshot.count()).isEqualTo(10);
    assertThat(snapshot.countUpTo(0)).isZero();
    assertThat(snapshot.countUpTo(1)).isEqualTo(1);
    assertThat(snapshot.countUpTo(3)).isEqualTo(6);
    assertThat(snapshot.countUpTo(Long.MAX_VALUE)).isEqualTo(10);
  }

  @Test
  void quantilesAreTheUpperEndOfABucket() {
    assertThat(latencies.snapshot().quantileMillis(0.5)).isZero();
    add(1, 0, 5, 4);
    Latencies.Snapshot snapshot = latencies.snapshot();
    assertThat(snapshot.quantileMillis(0)).isEqualTo(0.001);
    assertThat(snapshot.quantileMillis(0.1)).isEqualTo(0.001);
    assertThat(snapshot.quantileMillis(0.5)).isEqualTo(0.003);
    assertThat(snapshot.quantileMillis(0.99)).isEqualTo(0.004);
  }

  @Test
  void whatHappenedSinceIsTheDifference() {
    Latencies.Snapshot none = latencies.snapshot();
    add(1, 1, 0, 4);
    Latencies.Snapshot earlier = latencies.snapshot();
    add(2, 0, 5, 0);
    Latencies.Snapshot since = latencies.snapshot().since(earlier);
    assertThat(values(since)).containsExactly(new Counted(0.000_5, 2), new Counted(0.002_5, 5));
    assertThat(since.sumSeconds()).isEqualTo(10e-6);
    assertThat(earlier.since(earlier).sumSeconds()).isZero();
    assertThat(values(earlier.since(none))).isEqualTo(values(earlier));
  }

  /** The last that begins at or before it. */
  private static int bucketOf(long micros) {
    int bucket = 0;
    while (Latencies.fromMicros(bucket + 1) <= micros) {
      bucket++;
    }
    return bucket;
  }

  private record Counted(double millis, long count) {}

  /** So many of 0 to 1 microseconds, of 1 to 2, of 2 to 3, and so on. */
  private void add(int... counts) {
    for (int micros = 0; micros < counts.length; micros++) {
      for (int n = 0; n < counts[micros]; n++) {
        latencies.add(micros * 1_000L);
      }
    }
  }

  private static List<Counted> values(Latencies.Snapshot snapshot) {
    List<Counted> values = new ArrayList<>();
    snapshot.forEach((millis, count) -> values.add(new Counted(millis, count)));
    return values;
  }
}
