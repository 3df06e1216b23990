package org.messagebusbridge.sandbox.bench;

import java.util.Optional;

/**
 * One way's turn in one round.
 *
 * @param use what its processes used; empty when it has none of its own
 */
record Sample(Figures figures, Optional<Use> use) {}
