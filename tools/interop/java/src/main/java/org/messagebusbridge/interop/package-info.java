/** Echo services on servers of Java, each a process of its own; see {@code tools/interop/run}. */
@NullMarked
package org.messagebusbridge.interop;

import org.jspecify.annotations.NullMarked;
