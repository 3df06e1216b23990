package org.messagebusbridge.bus;

/**
 * A queue of a broker at one moment.
 *
 * @param messages that wait in it, without those that were handed out
 * @param consumers how many there are: on the queue that is consumed, the instances of the bridge
 */
public record QueueDepth(long messages, int consumers) {}
