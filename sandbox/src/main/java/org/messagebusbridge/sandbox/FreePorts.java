package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Loopback ports for servers that must be told theirs, and for clients that are to find nobody.
 * They lie below the range that Linux takes for outgoing connections, so none of these can sit on
 * one while its server is down for a moment.
 *
 * <p>A port stays reserved until this JVM ends, by a socket that is bound to it and never listens:
 * nobody else is given it, connecting to it is refused, and a server that sets {@code
 * SO_REUSEADDR}, as Java's, Netty's and Erlang's do on Linux, can listen there, again and again.
 */
public final class FreePorts {

  private static final int FIRST = 10_240;
  private static final int LAST = 32_767;
  private static final int TRIES = 1_000;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Map<Integer, Socket> RESERVED = new ConcurrentHashMap<>();

  private FreePorts() {}

  /**
   * A TCP port that nobody listens on, and that nobody else was given.
   *
   * @throws SandboxException when none is found
   */
  public static int next() {
    for (int i = 0; i < TRIES; i++) {
      int port = RANDOM.nextInt(FIRST, LAST + 1);
      if (!RESERVED.containsKey(port) && reserve(port)) {
        return port;
      }
    }
    throw new SandboxException(
        "no free loopback port between %d and %d was found".formatted(FIRST, LAST));
  }

  /** Binds without {@code SO_REUSEADDR}, which fails on a port that another has reserved. */
  private static boolean reserve(int port) {
    Socket socket = new Socket();
    try {
      socket.setReuseAddress(false);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setReuseAddress(true);
      RESERVED.put(port, socket);
      return true;
    } catch (IOException taken) {
      close(socket);
      return false;
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new SandboxException("a socket could not be closed", e);
    }
  }
}
