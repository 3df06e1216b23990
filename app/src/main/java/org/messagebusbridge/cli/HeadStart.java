package org.messagebusbridge.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;

/**
 * Does beside the command line and the configuration what the connections need afterwards, whatever
 * is in them: the start is shorter by it where there is a second processor. Nothing depends on it;
 * what it has not done, or could not, is done and told where it is needed.
 */
final class HeadStart {
  private HeadStart() {}

  /** Begins; returns at once. */
  static void begin() {
    Thread.ofPlatform().daemon().name("head-start").start(HeadStart::run);
  }

  private static void run() {
    // in the order in which they are needed
    Signals.prepare();
    chooseResolver();
    new SecureRandom().nextInt(); // the keys of the WebSocket
  }

  /**
   * The first host name that is resolved has the JDK look for a resolver other than its own, by the
   * class loader of the thread: that of the class path opens every jar of it and finds none.
   */
  private static void chooseResolver() {
    Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      InetAddress.getByName("localhost");
    } catch (UnknownHostException e) {
      // as good: the resolver has been chosen
    }
  }
}
