package org.messagebusbridge.interop;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** On Jetty's own API. A message is handled before the next frame is read, a ping included. */
final class JettyService {

  private JettyService() {}

  static int start(Behaviour behaviour) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(behaviour.port());
    server.addConnector(connector);
    server.setHandler(
        WebSocketUpgradeHandler.from(
            server,
            container -> {
              container.setMaxTextMessageSize(Behaviour.LARGEST);
              container.setMaxBinaryMessageSize(Behaviour.LARGEST);
              container.setMaxFrameSize(Behaviour.LARGEST);
              container.addMapping("/*", (request, response, done) -> new Echo(behaviour));
            }));
    server.setStopAtShutdown(true);
    server.start();
    return connector.getLocalPort();
  }

  /** Public, as Jetty asks. */
  public static final class Echo extends Session.Listener.AbstractAutoDemanding {
    private final Behaviour behaviour;

    Echo(Behaviour behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public void onWebSocketOpen(Session session) {
      super.onWebSocketOpen(session);
      closeWith(behaviour.opened());
    }

    @Override
    public void onWebSocketText(String text) {
      if (!closeWith(behaviour.handle(text)) && behaviour.replies()) {
        getSession().sendText(text, Callback.NOOP);
      }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
      byte[] body = new byte[payload.remaining()];
      payload.get(body);
      if (!closeWith(behaviour.handle(body)) && behaviour.replies()) {
        getSession().sendBinary(ByteBuffer.wrap(body), Callback.NOOP);
      }
      callback.succeed();
    }

    private boolean closeWith(OptionalInt code) {
      code.ifPresent(some -> getSession().close(some, behaviour.reason(), Callback.NOOP));
      return code.isPresent();
    }
  }
}
