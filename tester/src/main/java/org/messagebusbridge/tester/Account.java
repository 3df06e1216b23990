package org.messagebusbridge.tester;

import java.time.Duration;
import java.util.Optional;

/**
 * The account of one message.
 *
 * @param intended when it was to be sent, on the scale of {@link System#nanoTime}
 * @param sent when it was, on the same scale; to the microsecond
 * @param roundTrip from when it was to be sent until it came back; empty as long as it has not
 */
record Account(
    TestMessage message,
    long intended,
    long sent,
    MessageState state,
    Optional<Duration> roundTrip) {}
