package org.messagebusbridge.sandbox;

/**
 * A pong that a {@link Recorder} received.
 *
 * @param connection the number of the WebSocket that it came through, counted from 1
 * @param payload its payload, each byte a char of that value (ISO 8859-1)
 * @param messagesBefore how many whole messages came before it through this WebSocket
 * @param messagesSent how many whole messages had been sent through this WebSocket when the ping
 *     with this payload was last sent, hence how many it is a receipt for; 0 when no such ping was
 *     sent
 */
public record ReceivedPong(int connection, String payload, int messagesBefore, int messagesSent) {}
