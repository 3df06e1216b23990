/**
 * Relaying: a {@link org.messagebusbridge.relay.Relay} carries one direction and settles a delivery
 * only by what the sink said of it; a {@link org.messagebusbridge.relay.Bridge} is two relays and
 * the supervisor that connects, pauses, reconnects and drains them. Knows the ports and no bus.
 */
@NullMarked
package org.messagebusbridge.relay;

import org.jspecify.annotations.NullMarked;
