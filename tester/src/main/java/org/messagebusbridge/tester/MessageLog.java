package org.messagebusbridge.tester;

import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;

/**
 * The account of one run: every message sent, and what became of it. It does no input or output and
 * reads no clock. A call costs the same however many messages there are. Safe for use by several
 * threads.
 *
 * <p>Round trips count from the <em>intended</em> time of sending, so a sender that falls behind
 * its schedule shows in them. All times are on the scale of {@link System#nanoTime}.
 */
final class MessageLog {

  /** The most messages of a run: their account is in memory. */
  static final int MAX_MESSAGES = 10_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  private final long id;
  private final Payload payload;
  private final long late;
  private final Records records = new Records();
  private final Tally tally = new Tally();

  /**
   * An empty account.
   *
   * @param id what marks this run's messages: 0..999,999,999,999,999,999
   * @param payload what their bodies are made of
   * @param late a round trip that takes longer is late
   */
  MessageLog(long id, Payload payload, Duration late) {
    this.id = id;
    this.payload = payload;
    this.late = late.toNanos();
  }

  /**
   * Enters the next message, before it is sent.
   *
   * @param intended when it was to be sent
   * @param now when it is sent
   * @param local the local time, for its body
   */
  TestMessage send(long intended, long now, LocalTime local) {
    lock.lock();
    try {
      TestMessage message = TestMessage.at(records.size() + 1, id, local);
      records.add(intended, now, message.minuteAndSecond());
      return message;
    } finally {
      lock.unlock();
    }
  }

  /** The broker did not take a message that was sent; nothing happens when it has come back. */
  void refused(TestMessage message) {
    lock.lock();
    try {
      int index = message.number() - 1;
      if (records.state(index) == Records.PENDING) {
        records.setState(index, Records.REFUSED);
        tally.refused();
        settled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Enters a message that was received. */
  Receipt received(byte[] body, long now) {
    Optional<TestMessage> message = TestMessage.parse(body);
    lock.lock();
    try {
      if (message.isEmpty() || !isOurs(message.get())) {
        tally.foreign();
        return new Receipt.Foreign();
      }
      return payload.matches(message.get(), body)
          ? returned(message.get(), now)
          : damaged(message.get());
    } finally {
      lock.unlock();
    }
  }

  private boolean isOurs(TestMessage message) {
    return message.id() == id
        && message.number() <= records.size()
        && message.minuteAndSecond() == records.minuteAndSecond(message.number() - 1);
  }

  private Receipt returned(TestMessage message, long now) {
    int index = message.number() - 1;
    long nanos = now - records.intended(index);
    if (nanos < 0) {
      tally.clockSteppedBack();
      nanos = 0;
    }
    Duration roundTrip = Duration.ofNanos(nanos);
    switch (records.state(index)) {
      case Records.RETURNED -> {
        tally.duplicated();
        return new Receipt.Duplicate(message, roundTrip);
      }
      case Records.REFUSED -> tally.refusedNoMore();
      case Records.DAMAGED -> tally.damagedNoMore();
      default -> {}
    }
    records.setReturned(index, nanos);
    tally.returned(index, nanos, now, nanos > late);
    settled.signal();
    return new Receipt.Returned(message, roundTrip);
  }

  private Receipt damaged(TestMessage message) {
    int index = message.number() - 1;
    if (records.state(index) == Records.PENDING) {
      records.setState(index, Records.DAMAGED);
      tally.damaged();
      settled.signal();
    }
    return new Receipt.Damaged(message);
  }

  /** The computer's clock was set back. */
  void clockSteppedBack() {
    lock.lock();
    try {
      tally.clockSteppedBack();
    } finally {
      lock.unlock();
    }
  }

  /** How many messages were sent and nothing is known of yet. */
  int pending() {
    lock.lock();
    try {
      return out();
    } finally {
      lock.unlock();
    }
  }

  private int out() {
    return records.size() - tally.settled();
  }

  /** Waits for that long at most; returns whether fewer than so many are {@link #pending}. */
  boolean awaitPendingBelow(int limit, Duration time) throws InterruptedException {
    lock.lock();
    try {
      long left = time.toNanos();
      while (out() >= limit && left > 0) {
        left = settled.awaitNanos(left);
      }
      return out() < limit;
    } finally {
      lock.unlock();
    }
  }

  /** How many messages were sent. */
  int sent() {
    lock.lock();
    try {
      return records.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The account of a message as it stands.
   *
   * @param number 1..{@link #sent}
   * @param now what is out for too long by then is overdue
   */
  Account account(int number, long now) {
    lock.lock();
    try {
      int index = number - 1;
      boolean back = records.state(index) == Records.RETURNED;
      return new Account(
          new TestMessage(number, id, records.minuteAndSecond(index)),
          records.intended(index),
          records.sent(index),
          stateAt(index, now),
          back ? Optional.of(Duration.ofNanos(records.roundTrip(index))) : Optional.empty());
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #account} has it, at less cost. */
  MessageState state(int number, long now) {
    lock.lock();
    try {
      return stateAt(number - 1, now);
    } finally {
      lock.unlock();
    }
  }

  private MessageState stateAt(int index, long now) {
    return switch (records.state(index)) {
      case Records.REFUSED -> MessageState.REFUSED;
      case Records.DAMAGED -> MessageState.DAMAGED;
      case Records.RETURNED ->
          records.roundTrip(index) > late ? MessageState.LATE : MessageState.BACK;
      default -> now - records.intended(index) > late ? MessageState.OVERDUE : MessageState.OUT;
    };
  }

  Summary summary() {
    lock.lock();
    try {
      return tally.summary(records);
    } finally {
      lock.unlock();
    }
  }

  /** A copy of the round trips so far, in microseconds. */
  Histogram roundTrips() {
    lock.lock();
    try {
      return tally.roundTrips();
    } finally {
      lock.unlock();
    }
  }
}
