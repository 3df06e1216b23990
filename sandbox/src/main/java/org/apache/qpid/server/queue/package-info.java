/** A mend of Broker-J, in its own package because what it mends is not public. */
@NullMarked
package org.apache.qpid.server.queue;

import org.jspecify.annotations.NullMarked;
