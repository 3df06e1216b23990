package org.messagebusbridge.sandbox;

/**
 * A ping that a {@link Recorder} received.
 *
 * @param connection the number of the WebSocket that it came through, counted from 1
 * @param payload its payload, each byte a char of that value (ISO 8859-1)
 * @param messagesBefore how many whole messages came before it through this WebSocket
 * @param answered whether a pong was sent: if so the client has a receipt for {@code
 *     messagesBefore} messages
 */
public record ReceivedPing(int connection, String payload, int messagesBefore, boolean answered) {}
