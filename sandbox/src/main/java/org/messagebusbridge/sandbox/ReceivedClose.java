package org.messagebusbridge.sandbox;

/**
 * How a client ended its side of a WebSocket.
 *
 * @param connection the number of the WebSocket, counted from 1
 * @param code the close code; 1005 when the close frame had none, 1006 when the TCP connection
 *     ended without a close frame (RFC 6455, section 7.1.5)
 * @param reason the reason; empty when there was none
 */
public record ReceivedClose(int connection, int code, String reason) {}
