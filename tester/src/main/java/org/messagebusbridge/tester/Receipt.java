package org.messagebusbridge.tester;

import java.time.Duration;

/** What a received message turned out to be. */
sealed interface Receipt {

  /** A message of this run, for the first time. */
  record Returned(TestMessage message, Duration roundTrip) implements Receipt {}

  /** A message of this run that had come back before. */
  record Duplicate(TestMessage message, Duration roundTrip) implements Receipt {}

  /** A message of this run, by its text, whose body is not what was sent. */
  record Damaged(TestMessage message) implements Receipt {}

  /** A message that this run did not send. */
  record Foreign() implements Receipt {}
}
