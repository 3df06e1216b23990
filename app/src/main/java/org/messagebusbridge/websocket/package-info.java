/**
 * The WebSocket bus (RFC 6455, RFC 7692), a client over nv-websocket-client.
 *
 * <p>That library frames, masks and keeps one thread that reads and one that writes. Around it this
 * package keeps the promises that it does not: the limits of what a peer may declare ({@link
 * org.messagebusbridge.websocket.FrameGuard}), the proof that the peer has a message ({@link
 * org.messagebusbridge.websocket.ReceiptPings}), our own such proof for the peer ({@link
 * org.messagebusbridge.websocket.PeerPings}), bounded windows both ways, and one reason for a loss.
 * Whatever is read is dealt with as its frame arrives; the library's own assembly of messages and
 * its answers to pings stay unused.
 */
@NullMarked
package org.messagebusbridge.websocket;

import org.jspecify.annotations.NullMarked;
