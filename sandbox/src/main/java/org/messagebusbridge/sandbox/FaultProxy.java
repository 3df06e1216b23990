package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy on 127.0.0.1 that does to connections what networks do to them. Without a fault it
 * moves every byte, in order, an end of stream as an end of stream and a reset as a reset, at
 * hundreds of megabytes a second, and holds 256 KiB for each connection at most; with a delay, 16
 * MiB more.
 *
 * <p>A fault takes hold when its method is called: of what was read before, only the write that is
 * under way may still go. All methods may be called by any thread, and faults may be combined.
 */
public final class FaultProxy implements AutoCloseable {
  private final InetSocketAddress target;
  private final ServerSocketChannel listener;
  private final Map<Direction, Faults> faults = new EnumMap<>(Direction.class);
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean refusing;

  private FaultProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    for (Direction direction : Direction.values()) {
      faults.put(direction, new Faults());
    }
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    Thread.ofVirtual().name("fault-proxy-" + port()).start(this::acceptAll);
  }

  /**
   * Starts a proxy in front of a server, which need not be there yet.
   *
   * @throws SandboxException when no port can be had
   */
  public static FaultProxy to(String host, int port) {
    try {
      return new FaultProxy(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new SandboxException("Cannot start a fault proxy: " + e.getMessage(), e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return listener.socket().getLocalPort();
  }

  /** Resets both sides of every connection (RST). New ones are taken. */
  public void cut() {
    links.forEach(Link::abort);
  }

  /**
   * Ends both sides of every connection as their peers would (FIN). What is in the proxy, and what
   * still comes, is dropped. New connections are taken.
   */
  public void closeGracefully() {
    links.forEach(Link::end);
  }

  /**
   * Bytes stand still, both ways, until {@link #resume}; connections stay. New ones are taken and
   * stand still too.
   */
  public void stall() {
    faults.values().forEach(way -> way.stall(true));
  }

  /** As {@link #stall()}, one way. */
  public void stall(Direction direction) {
    way(direction).stall(true);
  }

  /** Bytes move again, from where they stood: none is lost. */
  public void resume() {
    faults.values().forEach(way -> way.stall(false));
  }

  /**
   * Every byte that comes from now on arrives this much later, each way, in order. Zero ends it.
   */
  public void delay(Duration latency) {
    faults.values().forEach(way -> way.delay(latency));
  }

  /**
   * All that the present connections carry is swallowed from now on, both ways, ends and resets
   * included: each side sees an open connection on which nothing comes. For good, as their streams
   * have a hole; new connections work.
   */
  public void halfOpen() {
    for (Direction direction : Direction.values()) {
      halfOpen(direction);
    }
  }

  /** As {@link #halfOpen()}, one way. */
  public void halfOpen(Direction direction) {
    links.forEach(link -> link.swallow(direction));
  }

  /**
   * New connections are reset as soon as they are made, until {@link #accept}. The present ones
   * stay.
   */
  public void refuse() {
    refusing = true;
  }

  /** New connections are taken again. */
  public void accept() {
    refusing = false;
  }

  /**
   * Does {@link #cut} as soon as exactly so many more bytes, 1 at least, were forwarded in this
   * direction, over all connections. Once; replaces an earlier call.
   */
  public void cutAfterBytes(long bytes, Direction direction) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a cut comes after 1 byte at least, not " + bytes);
    }
    way(direction).cutAfter(bytes);
  }

  /** How many connections were taken so far. */
  public int connections() {
    return connections.get();
  }

  /** How many connections were refused so far. */
  public int refusedConnections() {
    return refused.get();
  }

  /** How many connections are there now, half-open ones included. */
  public int openConnections() {
    return links.size();
  }

  /** How many bytes were forwarded so far. */
  public long bytes(Direction direction) {
    return way(direction).forwarded();
  }

  /**
   * Waits until at least so many bytes were forwarded in all.
   *
   * @throws SandboxException when they were not in time
   */
  public void awaitBytes(Direction direction, long bytes, Duration timeout)
      throws InterruptedException {
    way(direction).awaitForwarded(bytes, timeout);
  }

  /** Resets all connections and frees the port. Idempotent. */
  @Override
  public void close() {
    refusing = true;
    try {
      listener.close();
    } catch (IOException e) {
      throw new SandboxException("Cannot close a fault proxy: " + e.getMessage(), e);
    } finally {
      cut();
    }
  }

  Faults way(Direction direction) {
    Faults way = faults.get(direction);
    if (way == null) {
      throw new IllegalStateException("no direction " + direction);
    }
    return way;
  }

  void gone(Link link) {
    links.remove(link);
    faults.values().forEach(Faults::wake);
  }

  private void acceptAll() {
    try {
      while (true) {
        SocketChannel client = listener.accept();
        if (refusing) {
          reset(client);
        } else {
          take(client);
        }
      }
    } catch (IOException e) {
      // Closed, after which nothing that was just taken may stay.
      cut();
    }
  }

  private void reset(SocketChannel client) throws IOException {
    refused.incrementAndGet();
    try (client) {
      client.setOption(StandardSocketOptions.SO_LINGER, 0);
    }
  }

  private void take(SocketChannel client) throws IOException {
    Link link = new Link(this, client, SocketChannel.open());
    links.add(link);
    connections.incrementAndGet();
    Thread.ofVirtual().name("fault-proxy-link").start(() -> link.connect(target));
  }
}
