package org.messagebusbridge.relay;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of one side of a bridge. Written by its keeper, read from any thread. */
public final class LinkStats {
  private volatile long attempts;
  private volatile boolean connecting;
  private volatile boolean connected;
  private volatile @Nullable Failure lastFailure;

  /**
   * Why the side could not be connected to, or was lost.
   *
   * @param sentence for people
   */
  public record Failure(Instant time, String sentence) {}

  LinkStats() {}

  /** Called by one thread. */
  void attempting() {
    long next = attempts + 1;
    attempts = next;
    connecting = true;
  }

  void connected(boolean now) {
    connecting = false;
    connected = now;
  }

  void failed(Instant time, String sentence) {
    connecting = false;
    lastFailure = new Failure(time, sentence);
  }

  /** How often it was tried to connect, since the bridge began. */
  public long attempts() {
    return attempts;
  }

  /** Whether an attempt to connect is under way, and not answered yet. */
  public boolean connecting() {
    return connecting;
  }

  /** Whether the side is connected. */
  public boolean connected() {
    return connected;
  }

  /** The latest failure, even when the side has been connected since. */
  public Optional<Failure> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }
}
