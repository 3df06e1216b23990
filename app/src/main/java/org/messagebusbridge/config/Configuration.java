package org.messagebusbridge.config;

/** All the bridge is told, validated. */
public record Configuration(
    WebSocketConfig webSocket, AmqpConfig amqp, CloudWatchConfig cloudWatch, BridgeConfig bridge) {}
