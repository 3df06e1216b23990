package org.messagebusbridge.config;

import java.util.Optional;

/**
 * All the bridge is told, validated.
 *
 * @param webSocket empty when there is none: for {@code -X}, and for the tester
 */
public record Configuration(
    Optional<WebSocketConfig> webSocket,
    AmqpConfig amqp,
    CloudWatchConfig cloudWatch,
    BridgeConfig bridge) {}
