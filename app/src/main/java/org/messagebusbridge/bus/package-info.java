/**
 * The ports: a {@linkplain org.messagebusbridge.bus.Bus bus} is a place messages come from and go
 * to, with a {@linkplain org.messagebusbridge.bus.Source source} that hands out {@linkplain
 * org.messagebusbridge.bus.Delivery deliveries} and a {@linkplain org.messagebusbridge.bus.Sink
 * sink} that confirms what it took; and {@link org.messagebusbridge.bus.Backoff}, the pauses
 * between attempts. Nothing here depends on anything but the JDK.
 */
@NullMarked
package org.messagebusbridge.bus;

import org.jspecify.annotations.NullMarked;
