package org.messagebusbridge.tester;

import java.time.Duration;

/**
 * What a run is to do.
 *
 * @param schedule when messages are sent
 * @param payload what they are made of
 * @param window how many may be out at once; 0: any number
 * @param late a round trip that takes longer is late
 * @param exclusive whether the queue is the tester's alone, so that foreign messages are consumed
 *     rather than given back
 * @param endDelay how long to wait, after the last is sent, for those that are still out
 * @param focused whether foreign messages go unreported
 * @param direct whether messages go past the bridge, straight to the queue they are received from
 */
record Plan(
    Schedule schedule,
    Payload payload,
    int window,
    Duration late,
    boolean exclusive,
    Duration endDelay,
    boolean focused,
    boolean direct) {}
