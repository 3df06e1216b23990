package org.messagebusbridge.observability.http;

import java.time.Instant;

/**
 * What does not change while a bridge runs. No secret is among it.
 *
 * @param version of the bridge
 * @param instance which process this is, for people
 * @param mode what several instances are to each other, in one word
 * @param mqAddress where the broker is
 * @param webSocketAddress where the WebSocket API is
 * @param queueToWs the queue that is consumed
 * @param queueFromWs the queue that is published to
 */
public record About(
    String version,
    String instance,
    Instant started,
    String mode,
    String mqAddress,
    String webSocketAddress,
    String queueToWs,
    String queueFromWs) {}
