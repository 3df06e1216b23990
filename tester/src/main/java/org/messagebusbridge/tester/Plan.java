package org.messagebusbridge.tester;

import java.time.Duration;

/**
 * What a run is to do.
 *
 * @param number how many messages to send: 1..{@link TestMessage#MAX_NUMBER}
 * @param delay from one message to the next, on a schedule kept from the start; zero: each as soon
 *     as the last is sent
 * @param exclusive whether the queue is the tester's alone, so that foreign messages are consumed
 *     rather than given back
 * @param endDelay how long to wait, after the last is sent, for those that are still out
 * @param focused whether foreign messages go unreported
 */
record Plan(int number, Duration delay, boolean exclusive, Duration endDelay, boolean focused) {}
