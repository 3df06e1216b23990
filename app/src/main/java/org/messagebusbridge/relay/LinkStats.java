package org.messagebusbridge.relay;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of one side of a bridge. Written by its keeper, read from any thread. */
public final class LinkStats {
  private volatile long attempts;
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
  }

  void connected(boolean now) {
    connected = now;
  }

  void failed(Instant time, String sentence) {
    lastFailure = new Failure(time, sentence);
  }

  /** How often it was tried to connect, since the bridge began. */
  public long attempts() {
    return attempts;
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
