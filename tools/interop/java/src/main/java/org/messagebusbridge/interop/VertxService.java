package org.messagebusbridge.interop;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

/**
 * On Vert.x. Messages are handled one after the other on a worker, as one that takes time has to
 * be; the event loop answers pings meanwhile.
 */
final class VertxService {

  private VertxService() {}

  static int start(Behaviour behaviour) throws Exception {
    Vertx vertx = Vertx.vertx();
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(behaviour.port())
                    .setMaxWebSocketFrameSize(Behaviour.LARGEST)
                    .setMaxWebSocketMessageSize(Behaviour.LARGEST))
            .webSocketHandler(socket -> serve(vertx, behaviour, socket))
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    return server.actualPort();
  }

  private static void serve(Vertx vertx, Behaviour behaviour, ServerWebSocket socket) {
    OptionalInt atOnce = behaviour.opened();
    if (atOnce.isPresent()) {
      close(behaviour, socket, atOnce.getAsInt());
      return;
    }
    socket.exceptionHandler(lost -> {});
    socket.textMessageHandler(
        text ->
            handle(
                vertx,
                behaviour,
                socket,
                () -> behaviour.handle(text),
                () -> socket.writeTextMessage(text)));
    socket.binaryMessageHandler(
        body ->
            handle(
                vertx,
                behaviour,
                socket,
                () -> behaviour.handle(body.getBytes()),
                () -> socket.writeBinaryMessage(Buffer.buffer(body.getBytes()))));
  }

  /** Replies on the worker, too: handlers of two results may be called in either order. */
  private static void handle(
      Vertx vertx,
      Behaviour behaviour,
      ServerWebSocket socket,
      Callable<OptionalInt> work,
      Runnable reply) {
    var _ =
        vertx
            .executeBlocking(
                () -> {
                  OptionalInt code = socket.isClosed() ? OptionalInt.empty() : work.call();
                  if (code.isPresent()) {
                    close(behaviour, socket, code.getAsInt());
                  } else if (behaviour.replies() && !socket.isClosed()) {
                    reply.run();
                  }
                  return code;
                })
            .onFailure(failure -> close(behaviour, socket, 1011));
  }

  private static void close(Behaviour behaviour, ServerWebSocket socket, int code) {
    var _ = socket.close((short) code, behaviour.reason());
  }
}
