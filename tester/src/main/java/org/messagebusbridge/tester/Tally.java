package org.messagebusbridge.tester;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What is counted of the messages that came back, or did not. Used by one thread at a time. */
final class Tally {

  private final Histogram roundTrips = new Histogram(TimeUnit.DAYS.toMicros(2), 3);
  private int returned;
  private int refused;
  private int damaged;
  private long duplicated;
  private long outOfOrder;
  private int highestReturned = -1;
  private long lastReturned;
  private long foreign;
  private int lateOnes;
  private int clockStepsBack;

  /**
   * A message is back for the first time.
   *
   * @param index its place among those sent, from 0
   * @param nanos its round trip
   * @param now when it came
   */
  void returned(int index, long nanos, long now, boolean late) {
    returned++;
    lastReturned = now;
    if (index < highestReturned) {
      outOfOrder++;
    }
    highestReturned = Math.max(highestReturned, index);
    if (late) {
      lateOnes++;
    }
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    roundTrips.recordValue(Math.min(micros, roundTrips.getHighestTrackableValue()));
  }

  void refused() {
    refused++;
  }

  void refusedNoMore() {
    refused--;
  }

  void damaged() {
    damaged++;
  }

  void damagedNoMore() {
    damaged--;
  }

  void duplicated() {
    duplicated++;
  }

  void foreign() {
    foreign++;
  }

  void clockSteppedBack() {
    clockStepsBack++;
  }

  /** How many messages something is known of. */
  int settled() {
    return returned + refused + damaged;
  }

  /** A copy of the round trips, in microseconds. */
  Histogram roundTrips() {
    return roundTrips.copy();
  }

  Summary summary(Records records) {
    return new Summary(
        records.size(),
        returned,
        refused,
        damaged,
        duplicated,
        outOfOrder,
        foreign,
        lateOnes,
        clockStepsBack,
        sentPerSecond(records),
        returnedPerSecond(records),
        RoundTrips.of(roundTrips));
  }

  private static double sentPerSecond(Records records) {
    int size = records.size();
    return size < 2 ? 0 : (size - 1) * 1e9 / Math.max(1, records.sent(size - 1) - records.sent(0));
  }

  private double returnedPerSecond(Records records) {
    return returned == 0 ? 0 : returned * 1e9 / Math.max(1, lastReturned - records.sent(0));
  }
}
