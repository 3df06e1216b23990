package org.messagebusbridge.interop;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** On Tomcat's Jakarta WebSocket. A message is handled before the next frame is read. */
final class TomcatService {

  private TomcatService() {}

  static int start(Behaviour behaviour) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("interop-tomcat").toString());
    Connector connector = new Connector();
    connector.setProperty("address", "127.0.0.1");
    connector.setPort(behaviour.port());
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", null);
    context.addServletContainerInitializer(new WsSci(), Set.of());
    context.addServletContainerInitializer(
        (classes, servlets) -> servlets.addListener(new Deployment(behaviour)), Set.of());
    Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet")
        .addMapping("/");
    tomcat.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tomcat)));
    return connector.getLocalPort();
  }

  private static void stop(Tomcat tomcat) {
    try {
      tomcat.stop();
    } catch (LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Deployment(Behaviour behaviour) implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      ServerEndpointConfig endpoint =
          ServerEndpointConfig.Builder.create(Echo.class, "/{path}")
              .configurator(new Instances(behaviour))
              .build();
      try {
        ((ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName()))
            .addEndpoint(endpoint);
      } catch (DeploymentException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class Instances extends ServerEndpointConfig.Configurator {
    private final Behaviour behaviour;

    Instances(Behaviour behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
      return type.cast(new Echo(behaviour));
    }
  }

  private static final class Echo extends Endpoint {
    private final Behaviour behaviour;

    Echo(Behaviour behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
      session.setMaxTextMessageBufferSize(Behaviour.LARGEST);
      session.setMaxBinaryMessageBufferSize(Behaviour.LARGEST);
      session.addMessageHandler(
          String.class,
          text -> {
            if (!closeWith(session, behaviour.handle(text)) && behaviour.replies()) {
              send(() -> session.getBasicRemote().sendText(text));
            }
          });
      session.addMessageHandler(
          byte[].class,
          (MessageHandler.Whole<byte[]>)
              body -> {
                if (!closeWith(session, behaviour.handle(body)) && behaviour.replies()) {
                  send(() -> session.getBasicRemote().sendBinary(ByteBuffer.wrap(body)));
                }
              });
      closeWith(session, behaviour.opened());
    }

    private boolean closeWith(Session session, OptionalInt code) {
      code.ifPresent(
          some ->
              send(
                  () ->
                      session.close(
                          new CloseReason(CloseCodes.getCloseCode(some), behaviour.reason()))));
      return code.isPresent();
    }

    private interface Sending {
      void run() throws IOException;
    }

    private static void send(Sending sending) {
      try {
        sending.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
