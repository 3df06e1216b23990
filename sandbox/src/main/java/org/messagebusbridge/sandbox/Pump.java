package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Moves the bytes of one direction of a {@link Link} until their end, or the link's. */
final class Pump implements Runnable {
  private static final int BUFFER_BYTES = 128 * 1024;

  private final FaultProxy proxy;
  private final Link link;
  private final Direction direction;
  private final Faults faults;
  private final SocketChannel from;
  private final SocketChannel to;
  private final DelayLine delayed;

  Pump(FaultProxy proxy, Link link, Direction direction, SocketChannel from, SocketChannel to) {
    this.proxy = proxy;
    this.link = link;
    this.direction = direction;
    this.faults = proxy.way(direction);
    this.from = from;
    this.to = to;
    this.delayed = new DelayLine(this);
  }

  @Override
  public void run() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try {
      while (from.read(buffer.clear()) >= 0) {
        buffer.flip();
        if (!delayed.takes(buffer, faults.delay())) {
          forward(buffer);
        }
      }
      if (!delayed.takesEnd(faults.delay())) {
        end();
      }
    } catch (IOException e) {
      lost();
    } catch (InterruptedException e) {
      link.abort();
    }
  }

  /** Writes all of it, unless a fault takes it. */
  void forward(ByteBuffer bytes) throws IOException, InterruptedException {
    faults.awaitFlow(() -> link.isGone() || link.swallows(direction));
    if (link.isGone() || link.swallows(direction)) {
      return;
    }
    Faults.Leave leave = faults.ask(bytes.remaining());
    bytes.limit(bytes.position() + (int) leave.bytes());
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
    if (leave.thenCut()) {
      proxy.cut();
    }
  }

  /** Passes the end of the stream on. */
  void end() throws IOException, InterruptedException {
    faults.awaitFlow(() -> link.isGone() || link.swallows(direction));
    if (!link.swallows(direction)) {
      to.shutdownOutput();
    }
    link.ended();
  }

  /** A socket failed: the other one fails with it, unless nothing passes any more. */
  void lost() {
    if (!link.swallows(direction)) {
      link.abort();
    }
  }
}
