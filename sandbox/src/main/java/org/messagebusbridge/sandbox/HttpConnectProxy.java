package org.messagebusbridge.sandbox;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP proxy on 127.0.0.1 that knows CONNECT alone (RFC 9110, section 9.3.6), with or without
 * Basic credentials. It answers 407 to wrong ones, 405 to other methods, 502 when the target cannot
 * be reached.
 */
public final class HttpConnectProxy implements AutoCloseable {
  private static final int MAX_HEAD_BYTES = 64 * 1024;
  private static final Pattern CONNECT = Pattern.compile("CONNECT (\\S+):(\\d{1,5}) HTTP/1\\.[01]");
  private static final Pattern CREDENTIALS =
      Pattern.compile("(?mi)^Proxy-Authorization: *Basic +(\\S+)");

  private final ServerSocket listener;
  private final Optional<String> credentials;
  private final List<String> targets = new CopyOnWriteArrayList<>();
  private final AtomicInteger unauthorized = new AtomicInteger();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("connect-proxy").factory());

  private HttpConnectProxy(Optional<String> credentials) {
    this.credentials = credentials;
    try {
      listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new SandboxException("Cannot start an HTTP proxy: " + e.getMessage(), e);
    }
    threads.execute(this::acceptAll);
  }

  /** A proxy for everyone. */
  public static HttpConnectProxy open() {
    return new HttpConnectProxy(Optional.empty());
  }

  /** A proxy for those who show these credentials (RFC 7617, in UTF-8). */
  public static HttpConnectProxy withCredentials(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new HttpConnectProxy(Optional.of(Base64.getEncoder().encodeToString(pair)));
  }

  /** The port that it listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Where it was asked to connect to and did, in order: {@code host:port}. */
  public List<String> targets() {
    return List.copyOf(targets);
  }

  /** How many requests were answered with 407. */
  public int unauthorized() {
    return unauthorized.get();
  }

  /** Closes all connections and frees the port. Idempotent. */
  @Override
  public void close() {
    closeQuietly(listener);
    sockets.forEach(HttpConnectProxy::closeQuietly);
    threads.close();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = track(listener.accept());
        threads.execute(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed: it ends here.
    }
  }

  private Socket track(Socket socket) throws IOException {
    sockets.add(socket);
    if (listener.isClosed()) {
      socket.close();
    }
    return socket;
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      String head = readHead(in);
      Matcher request = CONNECT.matcher(head);
      if (!request.lookingAt()) {
        answer(client, "405 Method Not Allowed", "Allow: CONNECT\r\n");
      } else if (!authorized(head)) {
        unauthorized.incrementAndGet();
        answer(
            client,
            "407 Proxy Authentication Required",
            "Proxy-Authenticate: Basic realm=\"sandbox\"\r\n");
      } else {
        tunnel(client, in, request.group(1), Integer.parseInt(request.group(2)));
      }
    } catch (IOException e) {
      // The client, or the tunnel, is gone.
    } finally {
      sockets.remove(client);
    }
  }

  private boolean authorized(String head) {
    if (credentials.isEmpty()) {
      return true;
    }
    Matcher shown = CREDENTIALS.matcher(head);
    return shown.find() && shown.group(1).equals(credentials.get());
  }

  private void tunnel(Socket client, InputStream in, String host, int port) throws IOException {
    Socket server;
    try {
      server = track(new Socket(host, port));
    } catch (IOException | IllegalArgumentException e) {
      answer(client, "502 Bad Gateway", "");
      return;
    }
    try (server) {
      targets.add(host + ":" + port);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      client
          .getOutputStream()
          .write("HTTP/1.1 200 Connection Established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      Thread back = Thread.ofVirtual().start(() -> move(server, client));
      in.transferTo(server.getOutputStream());
      server.shutdownOutput();
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(server);
    }
  }

  private static void move(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private static void answer(Socket client, String status, String headers) throws IOException {
    String response =
        "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\nConnection: close\r\n\r\n";
    client.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
  }

  /** The request line and the headers, up to the empty line. */
  private static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ending = 0;
    while (ending < 4) {
      int next = in.read();
      if (next < 0 || head.size() == MAX_HEAD_BYTES) {
        throw new IOException("no HTTP request");
      }
      head.write(next);
      boolean expected = next == (ending % 2 == 0 ? '\r' : '\n');
      ending = expected ? ending + 1 : next == '\r' ? 1 : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // Whatever became of it, it is of no more use.
    }
  }
}
