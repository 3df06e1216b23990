package org.messagebusbridge.relay;

/** What became of one side of a bridge. Written by its keeper, read from any thread. */
public final class LinkStats {
  private volatile long attempts;
  private volatile boolean connected;

  LinkStats() {}

  /** Called by one thread. */
  void attempting() {
    long next = attempts + 1;
    attempts = next;
  }

  void connected(boolean now) {
    connected = now;
  }

  /** How often it was tried to connect, since the bridge began. */
  public long attempts() {
    return attempts;
  }

  /** Whether the side is connected. */
  public boolean connected() {
    return connected;
  }
}
