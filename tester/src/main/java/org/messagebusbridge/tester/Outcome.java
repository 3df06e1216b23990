package org.messagebusbridge.tester;

import java.time.Duration;
import java.time.Instant;

/**
 * How a run went.
 *
 * @param ending why it ended
 * @param summary its figures
 * @param started when it began, by the computer's clock
 * @param startNanos the same moment on the scale of {@link System#nanoTime}
 * @param took from then until nothing more was received
 */
record Outcome(Ending ending, Summary summary, Instant started, long startNanos, Duration took) {}
