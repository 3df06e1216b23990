package org.messagebusbridge.observability.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes clients in. There is always room for one more: when there are {@link #MOST}, or the process
 * may open no more files, the one that has waited longest without a request goes. So nothing that
 * clients do keeps another from being answered, and what was short for a moment is no matter after
 * it.
 */
final class HttpListener implements AutoCloseable {
  static final int MOST = 64;

  private static final Logger log = LoggerFactory.getLogger(HttpListener.class);
  private static final int BACKLOG = 256;
  private static final int LOOK_MILLIS = 500;
  private static final int PAUSE_MILLIS = 50;
  private static final Duration TELL_EVERY = Duration.ofMinutes(1);

  private final ServerSocket server;
  private final Function<HttpRequest, Answer> answers;
  private final ReentrantLock lock = new ReentrantLock();

  /** The one that came first is first. */
  private final Set<HttpConnection> clients = new LinkedHashSet<>();

  // Of the thread.
  private long toldAt = System.nanoTime() - TELL_EVERY.toNanos();

  /**
   * Begins to listen.
   *
   * @param answers called by many threads at a time; throws nothing
   */
  HttpListener(InetSocketAddress at, Function<HttpRequest, Answer> answers) throws IOException {
    this.answers = answers;
    var _ = longestWaiting(); // and so has its classes before files run short
    prepareToPark();
    this.server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(at, BACKLOG);
      server.setSoTimeout(LOOK_MILLIS);
      Thread.ofPlatform().daemon().name("http").start(this::run);
    } catch (IOException | RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  /**
   * The JDK opens the files by which it waits for sockets of virtual threads when one first has to
   * wait. Where there are none left by then, it never will again (its class Poller is broken for
   * good); so now, on a socket that no client knows of.
   */
  private static void prepareToPark() throws IOException {
    try (ServerSocket nobodys = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobodys.setSoTimeout(1);
      Thread.ofVirtual().start(() -> awaitNobody(nobodys)).join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitNobody(ServerSocket at) {
    try {
      at.accept().close();
    } catch (IOException e) {
      // nobody came
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private void run() {
    while (!server.isClosed()) {
      try {
        take(server.accept());
      } catch (SocketTimeoutException e) {
        // nobody came
      } catch (IOException | RuntimeException | Error e) {
        if (!server.isClosed()) {
          onTrouble(e);
        }
      }
      overdue().forEach(HttpConnection::close);
    }
  }

  /** Tells of it at most once a minute; a class that cannot be read now does not end the thread. */
  private void tell(Throwable cause) {
    if (System.nanoTime() - toldAt < TELL_EVERY.toNanos()) {
      return;
    }
    toldAt = System.nanoTime();
    try {
      log.atWarn().setCause(cause).log("A client of http_port could not be taken in; trying again");
    } catch (RuntimeException | Error e) {
      // It goes on without the line.
    }
  }

  private void take(Socket socket) throws IOException {
    HttpConnection client = new HttpConnection(socket, answers);
    Optional<HttpConnection> leaving = Optional.empty();
    lock.lock();
    try {
      if (clients.size() >= MOST) {
        leaving = longestWaiting();
        leaving.ifPresent(clients::remove);
      }
      clients.add(client);
    } finally {
      lock.unlock();
    }
    leaving.ifPresent(HttpConnection::close);
    try {
      Thread.ofVirtual().name("http-client").start(() -> serve(client));
    } catch (RuntimeException | Error e) {
      remove(client);
      socket.close();
      throw e;
    }
  }

  private void serve(HttpConnection client) {
    try {
      client.serve();
    } catch (RuntimeException | Error e) {
      log.atDebug().setCause(e).log("A client of http_port could not be served");
      client.close();
    } finally {
      remove(client);
    }
  }

  private void remove(HttpConnection client) {
    lock.lock();
    try {
      clients.remove(client);
    } finally {
      lock.unlock();
    }
  }

  /** Too few files or threads for one more client, for now. */
  private void onTrouble(Throwable cause) {
    Optional<HttpConnection> leaving;
    lock.lock();
    try {
      leaving = longestWaiting();
    } finally {
      lock.unlock();
    }
    leaving.ifPresent(HttpConnection::close); // first, for to tell of it may take a file
    tell(cause);
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Under the lock: whoever is not being answered goes first. */
  private Optional<HttpConnection> longestWaiting() {
    return clients.stream().min(Comparator.comparing(client -> !client.isWaiting()));
  }

  private List<HttpConnection> overdue() {
    lock.lock();
    try {
      return new ArrayList<>(clients.stream().filter(HttpConnection::isOverdue).toList());
    } finally {
      lock.unlock();
    }
  }

  /** Takes nobody in any more; what is being answered is cut. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // it listens no more all the same
    }
    List<HttpConnection> left;
    lock.lock();
    try {
      left = List.copyOf(clients);
    } finally {
      lock.unlock();
    }
    left.forEach(HttpConnection::close);
  }
}
