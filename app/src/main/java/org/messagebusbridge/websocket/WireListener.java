package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.ThreadType;
import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketAdapter;
import com.neovisionaries.ws.client.WebSocketException;
import com.neovisionaries.ws.client.WebSocketFrame;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears the library and the streams, and passes on what concerns the connection once there is one.
 * Until then the library's threads wait, so nothing is lost and nothing happens before {@link
 * WebSocketBus#connect} is about to return.
 */
final class WireListener extends WebSocketAdapter implements WireEvents {
  private static final byte[] NO_PAYLOAD = {};

  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile @Nullable WebSocketConnection connection;

  /** From now on {@code to} hears everything. */
  void attach(WebSocketConnection to) {
    connection = to;
    settled.countDown();
  }

  /** There will be no connection. */
  void abandon() {
    settled.countDown();
  }

  private void tell(Consumer<WebSocketConnection> event) {
    WebSocketConnection to = connection;
    if (to != null) {
      event.accept(to);
    }
  }

  @Override
  public void onThreadCreated(WebSocket ws, ThreadType type, Thread thread) {
    thread.setDaemon(true);
    thread.setName(type == ThreadType.READING_THREAD ? "websocket-reader" : "websocket-writer");
  }

  @Override
  public void onThreadStarted(WebSocket ws, ThreadType type, Thread thread)
      throws InterruptedException {
    settled.await();
  }

  @Override
  public void onThreadStopping(WebSocket ws, ThreadType type, Thread thread) {
    if (type == ThreadType.READING_THREAD) {
      tell(to -> to.traffic().readerStopped());
    }
  }

  @Override
  public void onFrame(WebSocket ws, WebSocketFrame frame) {
    tell(to -> to.traffic().read(frame));
  }

  @Override
  public void onError(WebSocket ws, WebSocketException cause) {
    switch (cause.getError()) {
      case INSUFFICENT_DATA,
          NO_MORE_FRAME,
          IO_ERROR_IN_READING,
          IO_ERROR_IN_WRITING,
          FLUSH_ERROR -> {
        // The streams have told of these, and why.
      }
      default -> tell(to -> to.failed(cause));
    }
  }

  @Override
  public void onDisconnected(
      WebSocket ws,
      @Nullable WebSocketFrame serverCloseFrame,
      @Nullable WebSocketFrame clientCloseFrame,
      boolean closedByServer) {
    tell(WebSocketConnection::disconnected);
  }

  /** What the library would swallow: an exception of ours, thrown in one of the methods above. */
  @Override
  public void handleCallbackError(WebSocket ws, Throwable cause) {
    tell(to -> to.failed(cause));
  }

  @Override
  public void inputEnded() {
    tell(to -> to.traffic().inputEnded());
  }

  @Override
  public void inputFailed(IOException cause) {
    tell(to -> to.traffic().inputFailed(cause));
  }

  @Override
  public void violated(FrameGuard.Violation violation) {
    tell(to -> to.traffic().violated(violation));
  }

  @Override
  public void outputFailed(IOException cause) {
    tell(to -> to.traffic().outputFailed(cause));
  }

  @Override
  public byte[] nextPing() {
    WebSocketConnection to = connection;
    return to == null ? NO_PAYLOAD : to.traffic().nextPing();
  }

  @Override
  public void pongWritten() {
    tell(to -> to.traffic().pongWritten());
  }

  @Override
  public void flushed() {
    tell(to -> to.traffic().flushed());
  }
}
