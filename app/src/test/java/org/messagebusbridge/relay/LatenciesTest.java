package org.messagebusbridge.relay;

import static org.assertj.core.api.Assertions.assertThat;

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
    int bucket = onlyBucket(one);
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
    long[] counts = latencies.counts();
    assertThat(counts).hasSize(Latencies.BUCKETS);
    assertThat(counts[0]).isEqualTo(1);
    assertThat(counts[Latencies.BUCKETS - 1]).isEqualTo(1);
  }

  @Test
  void timesAreAddedUp() {
    latencies.add(1_500);
    latencies.add(2_500);
    assertThat(latencies.sumNanos()).isEqualTo(4_000);
  }

  private static int onlyBucket(Latencies one) {
    int found = -1;
    long[] counts = one.counts();
    for (int bucket = 0; bucket < counts.length; bucket++) {
      if (counts[bucket] != 0) {
        assertThat(found).isEqualTo(-1);
        assertThat(counts[bucket]).isEqualTo(1);
        found = bucket;
      }
    }
    assertThat(found).isNotEqualTo(-1);
    return found;
  }
}
