package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP load balancer on 127.0.0.1: each connection goes to the first server in turn that takes
 * one, and is closed when none does. Connections that stand stay with their server, and end with
 * it.
 */
final class LoadBalancer implements AutoCloseable {
  private static final int CONNECT_MILLIS = 2_000;

  private final List<InetSocketAddress> servers;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private int next;

  private LoadBalancer(List<InetSocketAddress> servers) throws IOException {
    this.servers = List.copyOf(servers);
    listener = new ServerSocket(FreePorts.next(), 1_024, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("load-balancer-" + port()).start(this::acceptAll);
  }

  /**
   * Starts one before these servers, which need not be there yet.
   *
   * @throws SandboxException when no port can be had
   */
  static LoadBalancer to(List<InetSocketAddress> servers) {
    try {
      return new LoadBalancer(servers);
    } catch (IOException e) {
      throw new SandboxException("Cannot start a load balancer: " + e.getMessage(), e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Closes all connections and frees the port. Idempotent. */
  @Override
  public void close() {
    close(listener);
    open.forEach(LoadBalancer::close);
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = listener.accept();
        int turn = next++;
        open.add(client);
        Thread.ofVirtual().name("load-balancer-link").start(() -> join(client, turn));
      }
    } catch (IOException e) {
      // Closed, after which nothing that was just taken may stay.
      open.forEach(LoadBalancer::close);
    }
  }

  private void join(Socket client, int turn) {
    for (int i = 0; i < servers.size(); i++) {
      Socket server = new Socket();
      open.add(server);
      try {
        server.connect(servers.get((turn + i) % servers.size()), CONNECT_MILLIS);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        if (listener.isClosed()) {
          done(server);
          break;
        }
      } catch (IOException e) {
        done(server);
        continue;
      }
      Thread back = Thread.ofVirtual().name("load-balancer-back").start(() -> move(server, client));
      move(client, server);
      try {
        back.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      done(server);
      break;
    }
    done(client);
  }

  /** Moves bytes until the end of the stream, and passes that on; a failure ends both. */
  private static void move(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      in.transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private void done(Socket socket) {
    close(socket);
    open.remove(socket);
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // What cannot be closed is gone.
    }
  }
}
