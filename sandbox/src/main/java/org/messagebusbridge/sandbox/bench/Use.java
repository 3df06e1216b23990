package org.messagebusbridge.sandbox.bench;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What the processes between the queues used for one message's way there and back.
 *
 * @param cpuMicros processor time, in microseconds
 * @param allocatedBytes on the heap of a JVM; empty for what is none
 */
record Use(double cpuMicros, OptionalDouble allocatedBytes) {

  /** Shared among so many messages. */
  static Use of(Duration cpu, long measured, OptionalDouble allocated, long received) {
    double bytes = allocated.orElse(0) / Math.max(1, received);
    return new Use(
        CpuTime.micros(cpu, measured),
        allocated.isPresent() ? OptionalDouble.of(bytes) : OptionalDouble.empty());
  }
}
