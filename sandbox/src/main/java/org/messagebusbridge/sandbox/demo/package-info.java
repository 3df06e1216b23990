/**
 * {@code mbb demo}: broker, service, bridge and tester in one go, for someone who sees the bridge
 * for the first time. The bridge and the tester are the real ones, as child processes.
 */
@NullMarked
package org.messagebusbridge.sandbox.demo;

import org.jspecify.annotations.NullMarked;
