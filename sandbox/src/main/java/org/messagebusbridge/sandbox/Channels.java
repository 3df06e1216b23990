package org.messagebusbridge.sandbox;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;

/** How a channel ends other than in its protocol's way. */
final class Channels {

  private Channels() {}

  /**
   * Resets the TCP connection (SO_LINGER 0): no close frame, no TLS alert, what waits to be sent is
   * dropped.
   */
  static void abort(Channel channel) {
    try {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException e) {
      return; // closed meanwhile: there is nothing left to reset
    }
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first == null) {
      var _ = channel.close();
    } else {
      // From the first handler on: a TLS handler is not asked, so it says no goodbye.
      var _ = first.close();
    }
  }
}
