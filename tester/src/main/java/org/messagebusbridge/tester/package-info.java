/**
 * The bridge tester: puts numbered messages into the queue that the bridge consumes, takes them
 * from the queue that it publishes to, and accounts for each one. It sees the bridge as a black
 * box; of the bridge's code it uses the configuration and the TLS set-up alone.
 */
@NullMarked
package org.messagebusbridge.tester;

import org.jspecify.annotations.NullMarked;
