package org.messagebusbridge.tester;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * When the messages are to be sent.
 *
 * @param number how many at most: 1..{@link MessageLog#MAX_MESSAGES}
 * @param nanosApart from one message to the next, on a schedule kept from the start; zero: each as
 *     soon as the last is sent
 * @param duration for how long to send at most; empty: until the number is reached
 */
record Schedule(int number, double nanosApart, Optional<Duration> duration) {

  static Schedule of(int number, Duration apart) {
    return new Schedule(number, apart.toNanos(), Optional.empty());
  }

  /** Whether messages have their times, rather than each going when the last has gone. */
  boolean isTimed() {
    return nanosApart > 0;
  }

  /** When a message is to be sent, in nanoseconds from the start; 0 is the first. */
  long nanosOf(int index) {
    return (long) (index * nanosApart);
  }

  /** Whether a message is to be sent at all, at this time from the start. */
  boolean includes(int index, long nanos) {
    return index < number && nanos < nanosInAll();
  }

  /** How many messages it is, when that can be known. */
  OptionalInt total() {
    if (duration.isEmpty()) {
      return OptionalInt.of(number);
    }
    return isTimed()
        ? OptionalInt.of((int) Math.min(number, Math.ceil(nanosInAll() / nanosApart)))
        : OptionalInt.empty();
  }

  /** How long sending takes, when that can be known. */
  Optional<Duration> length() {
    if (isTimed() && total().isPresent()) {
      return Optional.of(Duration.ofNanos(nanosOf(total().getAsInt())));
    }
    return duration;
  }

  private long nanosInAll() {
    return duration.map(Duration::toNanos).orElse(Long.MAX_VALUE);
  }
}
