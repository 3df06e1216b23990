package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Loopback ports for servers that must be told theirs. They lie below the range that Linux takes
 * for outgoing connections, so none of these can sit on one while its server is down for a moment.
 */
public final class FreePorts {

  private static final int FIRST = 10_240;
  private static final int LAST = 32_767;
  private static final int TRIES = 1_000;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  /**
   * A TCP port that nobody listens on, and that this JVM was not given before.
   *
   * @throws SandboxException when none is found
   */
  public static int next() {
    for (int i = 0; i < TRIES; i++) {
      int port = RANDOM.nextInt(FIRST, LAST + 1);
      if (GIVEN.add(port) && isFree(port)) {
        return port;
      }
    }
    throw new SandboxException(
        "no free loopback port between %d and %d was found".formatted(FIRST, LAST));
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
