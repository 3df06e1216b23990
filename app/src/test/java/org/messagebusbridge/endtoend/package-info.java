/** The whole bridge, on real brokers and a real WebSocket service. */
@NullMarked
package org.messagebusbridge.endtoend;

import org.jspecify.annotations.NullMarked;
