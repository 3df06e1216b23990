/** What the bridge shows of itself: its log. */
@NullMarked
package org.messagebusbridge.observability;

import org.jspecify.annotations.NullMarked;
