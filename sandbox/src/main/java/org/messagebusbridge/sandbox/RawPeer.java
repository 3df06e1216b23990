package org.messagebusbridge.sandbox;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket server on 127.0.0.1 that follows a script byte for byte, for what a right
 * implementation will not send. It plays the script for every client, each on a thread of its own,
 * and keeps every frame that it got.
 */
public final class RawPeer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RawPeer.class);

  private final ServerSocket listener;
  private final Script script;
  private final Monitor monitor = new Monitor();
  private final List<RawFrame> frames = new ArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("raw-peer").factory());
  private int connections;
  private int ended;

  /** What is done with one client; its connection is closed when this returns or throws. */
  @FunctionalInterface
  public interface Script {

    /** Plays it. An end of stream or a reset that comes from the client just ends it. */
    void play(RawConversation client) throws IOException, InterruptedException;
  }

  private RawPeer(Script script) {
    this.script = script;
    try {
      listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new SandboxException("Cannot start a raw peer: " + e.getMessage(), e);
    }
    threads.execute(this::acceptAll);
  }

  /** Plays a script of one's own. */
  public static RawPeer playing(Script script) {
    return new RawPeer(script);
  }

  /** Opens the WebSocket, sends these frames, then reads until the client ends the connection. */
  public static RawPeer sending(RawFrame... frames) {
    return playing(
        client -> {
          client.open();
          for (RawFrame frame : frames) {
            client.send(frame);
          }
          client.readToEnd();
        });
  }

  /** Takes the connection and the request, and never answers. */
  public static RawPeer silent() {
    return playing(
        client -> {
          String _ = client.readRequest();
          client.readToEnd();
        });
  }

  /** Answers the handshake with a {@code Sec-WebSocket-Accept} that is not the client's. */
  public static RawPeer withWrongAccept() {
    return playing(
        client -> {
          String _ = client.readRequest();
          client.answer("AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
          client.readToEnd();
        });
  }

  /** Ends the connection in the middle of its answer to the handshake. */
  public static RawPeer hangingUpMidHandshake() {
    return playing(
        client -> {
          String _ = client.readRequest();
          client.send("HTTP/1.1 101 Switching Proto");
        });
  }

  /** {@code ws://127.0.0.1:PORT}. */
  public String host() {
    return "ws://127.0.0.1:" + listener.getLocalPort();
  }

  /** The URL to connect to; any path will do. */
  public String url() {
    return host() + "/ws";
  }

  /** How many clients connected so far. */
  public int connections() {
    return monitor.read(() -> connections);
  }

  /** Every frame that clients sent, in order. */
  public List<RawFrame> frames() {
    return monitor.read(() -> List.copyOf(frames));
  }

  /**
   * Waits for a close frame from a client.
   *
   * @return the code of the first one; 1005 when it has none
   * @throws SandboxException when there is none in time
   */
  public int awaitClose(Duration timeout) throws InterruptedException {
    monitor.await(
        () -> frames.stream().anyMatch(RawPeer::isClose),
        timeout,
        () -> "The raw peer got no close frame (but " + frames.size() + " others)");
    return monitor.read(
        () -> frames.stream().filter(RawPeer::isClose).findFirst().orElseThrow().closeCode());
  }

  /**
   * Waits until so many conversations are over.
   *
   * @throws SandboxException when they are not in time
   */
  public void awaitEnds(int count, Duration timeout) throws InterruptedException {
    monitor.await(
        () -> ended >= count,
        timeout,
        () -> "Of the raw peer's conversations " + ended + " of " + count + " were over");
  }

  /** Ends all connections and frees the port. Idempotent. */
  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new SandboxException("Cannot close a raw peer: " + e.getMessage(), e);
    }
    threads.shutdownNow();
    threads.close();
  }

  void received(RawFrame frame) {
    monitor.change(() -> frames.add(frame));
  }

  private static boolean isClose(RawFrame frame) {
    return frame.opcode() == RawFrame.CLOSE;
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        monitor.change(() -> connections++);
        threads.execute(() -> play(client));
      }
    } catch (IOException e) {
      // Closed: it ends here.
    }
  }

  private void play(Socket client) {
    try (client) {
      script.play(new RawConversation(this, client));
    } catch (EOFException e) {
      // The client has ended the conversation.
    } catch (IOException e) {
      log.atDebug().addKeyValue("cause", e).log("A raw peer's conversation broke off");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(client);
      monitor.change(() -> ended++);
    }
  }
}
