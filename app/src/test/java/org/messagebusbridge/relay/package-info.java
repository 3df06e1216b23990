@NullMarked
package org.messagebusbridge.relay;

import org.jspecify.annotations.NullMarked;
