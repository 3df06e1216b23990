package org.messagebusbridge.relay;

import java.util.concurrent.atomic.LongAdder;

/** What one relay has done since it began. Written by its relay, read from any thread. */
public final class RelayStats {
  private final LongAdder received = new LongAdder();
  private final LongAdder redelivered = new LongAdder();
  private final LongAdder resent = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder acceptedBytes = new LongAdder();
  private final Latencies latencies = new Latencies();
  private final LongAdder requeued = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private volatile int inFlight;

  /**
   * What one relay had done at one moment, since it began.
   *
   * @param received messages that the source handed out
   * @param redelivered messages that the source said it had handed out before
   * @param resent messages sent once more, after a loss
   * @param accepted messages that are settled because the other side has them
   * @param acceptedBytes of the bodies of those
   * @param requeued messages given back to their queue
   * @param refused messages that the other side did not take at once; they were sent again
   * @param rejected messages that can never be delivered: dead-lettered, or refused to the peer
   * @param inFlight messages that were handed out and are not settled now
   * @param latencies how long those of {@code accepted} took, from handed out to confirmed
   */
  public record Snapshot(
      long received,
      long redelivered,
      long resent,
      long accepted,
      long acceptedBytes,
      long requeued,
      long refused,
      long rejected,
      int inFlight,
      Latencies.Snapshot latencies) {}

  void received(boolean again) {
    received.increment();
    if (again) {
      redelivered.increment();
    }
  }

  void resent() {
    resent.increment();
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

  /** The counts now; each is right by itself, they are not read at one instant. */
  public Snapshot snapshot() {
    return new Snapshot(
        received.sum(),
        redelivered.sum(),
        resent.sum(),
        accepted.sum(),
        acceptedBytes.sum(),
        requeued.sum(),
        refused.sum(),
        rejected.sum(),
        inFlight,
        latencies.snapshot());
  }
}
