/** What the bridge tells of itself on a port of its own: health, metrics and a page to look at. */
@NullMarked
package org.messagebusbridge.observability.http;

import org.jspecify.annotations.NullMarked;
