package org.messagebusbridge.relay;

import java.util.concurrent.atomic.LongAdder;

/** What one relay has done since it began. Written by its relay, read from any thread. */
public final class RelayStats {
  private final LongAdder delivered = new LongAdder();
  private final LongAdder redelivered = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder resent = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder acceptedBytes = new LongAdder();
  private final Latencies latencies = new Latencies();
  private final LongAdder requeued = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private volatile int inFlight;

  /** Counts at one moment. */
  public record Snapshot(
      long delivered,
      long redelivered,
      long sent,
      long resent,
      long accepted,
      long acceptedBytes,
      long requeued,
      long refused,
      long rejected,
      int inFlight) {}

  void delivered(boolean again) {
    delivered.increment();
    if (again) {
      redelivered.increment();
    }
  }

  void sent(boolean again) {
    sent.increment();
    if (again) {
      resent.increment();
    }
  }

  void accepted(int bytes, long nanos) {
    accepted.increment();
    acceptedBytes.add(bytes);
    latencies.add(nanos);
  }

  void requeued(int count) {
    requeued.add(count);
  }

  void refused() {
    refused.increment();
  }

  void rejected() {
    rejected.increment();
  }

  void inFlight(int count) {
    inFlight = count;
  }

  /** How long what was accepted took, from when its source handed it out to when it was settled. */
  public Latencies latencies() {
    return latencies;
  }

  /** The counts now; each is right by itself, they are not read at one instant. */
  public Snapshot snapshot() {
    return new Snapshot(
        delivered.sum(),
        redelivered.sum(),
        sent.sum(),
        resent.sum(),
        accepted.sum(),
        acceptedBytes.sum(),
        requeued.sum(),
        refused.sum(),
        rejected.sum(),
        inFlight);
  }
}
