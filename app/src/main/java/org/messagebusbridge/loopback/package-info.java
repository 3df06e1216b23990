/** The stub that stands in for a WebSocket API ({@code -X}): what is sent to it comes back. */
@NullMarked
package org.messagebusbridge.loopback;

import org.jspecify.annotations.NullMarked;
