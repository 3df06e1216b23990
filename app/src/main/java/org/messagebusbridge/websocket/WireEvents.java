package org.messagebusbridge.websocket;

import java.io.IOException;

/** What the streams of a connection that stands tell of it. */
interface WireEvents {

  /** The peer's bytes ended without a close frame. Called by the reading thread, once. */
  void inputEnded();

  /** Reading failed. Called by the reading thread, once. */
  void inputFailed(IOException cause);

  /** The peer sent what it may not. Called by the reading thread, once. */
  void violated(FrameGuard.Violation violation);

  /** Writing failed. */
  void outputFailed(IOException cause);

  /**
   * A ping of ours goes behind what was written so far: its payload. Called under the output's
   * lock.
   */
  byte[] nextPing();

  /** A pong goes behind what was written so far. Called under the output's lock. */
  void pongWritten();

  /** All that was written before a flush is in the operating system's hands. */
  void flushed();
}
