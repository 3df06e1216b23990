/** The WebSocket bus under test. */
@NullMarked
package org.messagebusbridge.websocket;

import org.jspecify.annotations.NullMarked;
