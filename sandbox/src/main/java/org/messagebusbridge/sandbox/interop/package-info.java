/**
 * Echo services on other people's WebSocket servers, as {@code tools/interop/run} starts them, and
 * what a bridge carries to them and back.
 */
@NullMarked
package org.messagebusbridge.sandbox.interop;

import org.jspecify.annotations.NullMarked;
