package org.messagebusbridge.sandbox.bench;

import java.util.Optional;

/**
 * One way's turn in one round.
 *
 * @param use what its processes used; empty when it has none of its own
 * @param brokerMicros the broker's processor time for one round trip, in microseconds
 * @param loadMicros that of this process, which holds the load and the WebSocket services
 */
record Sample(Figures figures, Optional<Use> use, double brokerMicros, double loadMicros) {

  /** The processor time of its processes for one round trip, in microseconds; 0 without any. */
  double bridgeMicros() {
    return use.map(Use::cpuMicros).orElse(0.0);
  }

  /** The processor time of all that takes part in one round trip, in microseconds. */
  double allMicros() {
    return bridgeMicros() + brokerMicros + loadMicros;
  }
}
