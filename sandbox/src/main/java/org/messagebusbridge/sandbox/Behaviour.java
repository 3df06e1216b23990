package org.messagebusbridge.sandbox;

import io.netty.channel.ChannelPipeline;

/** What a {@link WebSocketService} does with its open connections. */
public abstract sealed class Behaviour permits Echo, EchoAcross, Recorder, ResendingPeer {

  Behaviour() {}

  /**
   * Sends every message back as it came: same opcode, same fragments, and a pong for a ping after
   * all that came before it. The cheapest peer there is: no copy is made of a payload.
   */
  public static Behaviour echo() {
    return Echo.INSTANCE;
  }

  /**
   * Sends what comes on one of two WebSockets out on the other, in order, for a client that needs
   * one for each direction. A message that comes while there is no other is dropped. Each has a
   * behaviour of its own.
   */
  public static Behaviour echoAcross() {
    return new EchoAcross();
  }

  /**
   * Puts the handler of one WebSocket at the end of its pipeline. Runs in the connection's event
   * loop, before the handshake is answered.
   *
   * @param number the number of the WebSocket, counted from 1 in the order of the handshakes
   *     accepted
   */
  abstract void open(ChannelPipeline pipeline, int number, int maxMessageBytes);
}
