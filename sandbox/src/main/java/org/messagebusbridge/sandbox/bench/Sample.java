package org.messagebusbridge.sandbox.bench;

import java.util.Optional;

/**
 * One way's turn in one round.
 *
 * @param use what its processes used; empty when it has none of its own
 * @param brokerMicros the broker's processor time for one round trip, in microseconds
 * @param loadMicros that of this process, which holds the load and the WebSocket services
 * @param sleeps how often, for one round trip, a thread of all these processes went to sleep, to be
 *     woken by another one
 */
record Sample(
    Figures figures, Optional<Use> use, double brokerMicros, double loadMicros, double sleeps) {

  /** The processor time of its processes for one round trip, in microseconds; 0 without any. */
  double bridgeMicros() {
    return use.map(Use::cpuMicros).orElse(0.0);
  }

  /** The processor time of all that takes part in one round trip, in microseconds. */
  double allMicros() {
    return bridgeMicros() + brokerMicros + loadMicros;
  }
}
