package org.messagebusbridge.relay;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Sink;
import org.messagebusbridge.bus.Source;

/** What can happen to a relay. */
sealed interface RelayEvent {
  record Delivered(Delivery delivery, long since) implements RelayEvent {}

  record GaveUp() implements RelayEvent {}

  record Revoked() implements RelayEvent {}

  record Alive(int epoch) implements RelayEvent {}

  record Confirmed(int epoch, long number, boolean multiple) implements RelayEvent {}

  record Refused(int epoch, long number, boolean multiple) implements RelayEvent {}

  record Rejected(int epoch, long number, Rejection rejection) implements RelayEvent {}

  record SourceUp(Source source) implements RelayEvent {}

  record SourceDown() implements RelayEvent {}

  record SinkUp(Sink sink) implements RelayEvent {}

  record SinkDown(BusException cause) implements RelayEvent {}

  record Drain(CompletableFuture<@Nullable Void> drained) implements RelayEvent {}

  /** Behind all that the source handed out before it was stopped for good. */
  record LastDelivered(CompletableFuture<@Nullable Void> drained) implements RelayEvent {}

  record End() implements RelayEvent {}

  /** Puts what a source hands out into a mailbox, with the time by this clock. */
  record HandedOut(Mailbox<RelayEvent> mailbox, Timing timing) implements Source.Handler {
    @Override
    public void deliver(Delivery delivery) {
      mailbox.put(new Delivered(delivery, timing.nanoTime()));
    }

    @Override
    public void gaveUp() {
      mailbox.put(new GaveUp());
    }

    @Override
    public void revoked() {
      mailbox.put(new Revoked());
    }
  }

  /**
   * Puts what a sink says into a mailbox.
   *
   * @param epoch which of the relay's sinks it is: what a lost one still has to say counts for
   *     nothing
   */
  record ToMailbox(Mailbox<RelayEvent> mailbox, int epoch) implements Sink.Confirmations {
    @Override
    public void alive() {
      mailbox.put(new Alive(epoch));
    }

    @Override
    public void confirmed(long number, boolean multiple) {
      mailbox.put(new Confirmed(epoch, number, multiple));
    }

    @Override
    public void refused(long number, boolean multiple) {
      mailbox.put(new Refused(epoch, number, multiple));
    }

    @Override
    public void rejected(long number, Rejection rejection) {
      mailbox.put(new Rejected(epoch, number, rejection));
    }
  }
}
