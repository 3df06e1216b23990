package org.messagebusbridge.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A server on loopback that answers each connection with one byte, by TLS or not; and its client.
 *
 * <p>After a handshake that it refuses it reads on until the client closes, so that its alert
 * always arrives: closing with bytes unread would reset the connection, at times before the alert
 * is read.
 */
final class TlsPeer implements AutoCloseable {
  static final int ANSWER = 42;
  private static final int DEADLINE_MILLIS = 60_000;

  private final ServerSocket server;
  private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();

  private interface Conversation {
    void with(Socket client) throws IOException;
  }

  private TlsPeer(Conversation conversation) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread.execute(() -> serve(conversation));
  }

  static TlsPeer tls(SSLContext context, boolean needClientAuth, String... protocols)
      throws IOException {
    return new TlsPeer(
        client -> {
          try (SSLSocket tls =
              (SSLSocket) context.getSocketFactory().createSocket(client, null, false)) {
            tls.setNeedClientAuth(needClientAuth);
            if (protocols.length > 0) {
              tls.setEnabledProtocols(protocols);
            }
            answer(tls, new byte[] {ANSWER});
          } catch (SSLException e) {
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
          }
        });
  }

  /** Answers whatever comes with a line of text. */
  static TlsPeer plaintext() throws IOException {
    return new TlsPeer(
        client -> answer(client, "HTTP/1.1 400\r\n".getBytes(StandardCharsets.US_ASCII)));
  }

  /** Reads the start of a handshake and hangs up. */
  static TlsPeer hangingUp() throws IOException {
    return new TlsPeer(client -> readSome(client.getInputStream()));
  }

  /** Reads the start of a handshake and resets the connection. */
  static TlsPeer resetting() throws IOException {
    return new TlsPeer(
        client -> {
          readSome(client.getInputStream());
          client.setSoLinger(true, 0);
        });
  }

  private static void answer(Socket client, byte[] bytes) throws IOException {
    if (client.getInputStream().read() >= 0) {
      client.getOutputStream().write(bytes);
    }
  }

  private static int readSome(InputStream in) throws IOException {
    return in.read(new byte[4096]);
  }

  private void serve(Conversation conversation) {
    boolean open = true;
    while (open) {
      try (Socket client = server.accept()) {
        client.setSoTimeout(DEADLINE_MILLIS);
        conversation.with(client);
      } catch (IOException e) {
        // A client that fails is what the tests are about; the server goes on for the next.
        open = !server.isClosed();
      }
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** Connects by {@code localhost}, shakes hands, sends a byte and returns the answer. */
  int talk(SSLSocketFactory factory) throws IOException {
    try (SSLSocket socket = (SSLSocket) factory.createSocket("localhost", port())) {
      socket.setSoTimeout(DEADLINE_MILLIS);
      socket.startHandshake();
      socket.getOutputStream().write(1);
      return socket.getInputStream().read();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    thread.close();
  }
}
