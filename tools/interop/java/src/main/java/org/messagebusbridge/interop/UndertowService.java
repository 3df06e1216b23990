package org.messagebusbridge.interop;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** On Undertow. A message is handled on the thread that reads the connection. */
final class UndertowService {

  private UndertowService() {}

  static int start(Behaviour behaviour) {
    Undertow undertow =
        Undertow.builder()
            .addHttpListener(behaviour.port(), "127.0.0.1")
            .setHandler(
                Handlers.websocket(
                        (exchange, channel) -> {
                          channel.getReceiveSetter().set(new Echo(behaviour));
                          closeWith(channel, behaviour, behaviour.opened());
                          channel.resumeReceives();
                        })
                    .addExtension(
                        new PerMessageDeflateHandshake(
                            false,
                            PerMessageDeflateHandshake.DEFAULT_DEFLATER,
                            true,
                            true,
                            Behaviour.LARGEST)))
            .build();
    undertow.start();
    Runtime.getRuntime().addShutdownHook(new Thread(undertow::stop));
    return ((InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress()).getPort();
  }

  private static boolean closeWith(
      WebSocketChannel channel, Behaviour behaviour, OptionalInt code) {
    code.ifPresent(some -> WebSockets.sendClose(some, behaviour.reason(), channel, null));
    return code.isPresent();
  }

  private static final class Echo extends AbstractReceiveListener {
    private final Behaviour behaviour;

    Echo(Behaviour behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
      String text = message.getData();
      if (!closeWith(channel, behaviour, behaviour.handle(text)) && behaviour.replies()) {
        WebSockets.sendText(text, channel, null);
      }
    }

    @Override
    @SuppressWarnings("deprecation") // the API's own type
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
      try (var data = message.getData()) {
        ByteBuffer body = WebSockets.mergeBuffers(data.getResource());
        if (!closeWith(channel, behaviour, behaviour.handle(bytes(body))) && behaviour.replies()) {
          WebSockets.sendBinary(body, channel, null);
        }
      }
    }

    private static byte[] bytes(ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
  }
}
