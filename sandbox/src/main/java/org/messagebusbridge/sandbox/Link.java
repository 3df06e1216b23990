package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection through a {@link FaultProxy}: two sockets, and a pump for each direction. */
final class Link {
  private final FaultProxy proxy;
  private final SocketChannel client;
  private final SocketChannel server;
  private final Set<Direction> swallowed =
      Collections.synchronizedSet(EnumSet.noneOf(Direction.class));
  private final AtomicInteger pumping = new AtomicInteger(2);
  private final AtomicBoolean gone = new AtomicBoolean();
  private volatile boolean connected;
  private volatile boolean ending;

  Link(FaultProxy proxy, SocketChannel client, SocketChannel server) {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
  }

  /** Connects to the server, then moves bytes both ways until the link is gone. */
  void connect(SocketAddress target) {
    try {
      server.connect(target);
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      server.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException e) {
      abort();
      return;
    }
    connected = true;
    if (ending) {
      shutDownOutputs();
    }
    Thread.ofVirtual()
        .name("fault-proxy-to-client")
        .start(new Pump(proxy, this, Direction.TO_CLIENT, server, client));
    new Pump(proxy, this, Direction.TO_SERVER, client, server).run();
  }

  boolean isGone() {
    return gone.get();
  }

  void swallow(Direction direction) {
    swallowed.add(direction);
    proxy.way(direction).wake();
  }

  boolean swallows(Direction direction) {
    return swallowed.contains(direction);
  }

  /** Resets both sides, once. */
  void abort() {
    try {
      client.setOption(StandardSocketOptions.SO_LINGER, 0);
      server.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // Closed already.
    }
    close();
  }

  /**
   * Sends an end of stream to both sides and reads on, to no end, until both have answered with
   * theirs.
   */
  void end() {
    for (Direction direction : Direction.values()) {
      swallow(direction);
    }
    // Whichever of this and connect comes second finds the other's flag and ends both sides.
    ending = true;
    if (connected) {
      shutDownOutputs();
    }
  }

  private void shutDownOutputs() {
    try {
      client.shutdownOutput();
      server.shutdownOutput();
    } catch (IOException e) {
      abort();
    }
  }

  /** One direction has come to its end of stream. */
  void ended() {
    if (pumping.decrementAndGet() == 0) {
      close();
    }
  }

  private void close() {
    if (!gone.compareAndSet(false, true)) {
      return;
    }
    try (client;
        server) {
      proxy.gone(this);
    } catch (IOException e) {
      // A socket that cannot be closed is gone.
    }
  }
}
