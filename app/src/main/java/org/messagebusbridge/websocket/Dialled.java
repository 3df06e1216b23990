package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.WebSocket;

/** A WebSocket that has shaken hands, and whose threads wait to be let go. */
record Dialled(
    Peer peer, WebSocket webSocket, WireSockets sockets, WireInput input, WireOutput output) {}
