/**
 * What tests, the demo and the benchmark stand on: {@linkplain org.messagebusbridge.sandbox.Broker
 * brokers}, WebSocket services and broken networks, each started on the spot on free loopback ports
 * and gone without a trace when closed. Never shipped with the bridge, and knows nothing of it.
 */
@NullMarked
package org.messagebusbridge.sandbox;

import org.jspecify.annotations.NullMarked;
