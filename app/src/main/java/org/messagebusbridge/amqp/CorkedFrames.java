package org.messagebusbridge.amqp;

import com.rabbitmq.client.WriteListener;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * The client's frames of one connection. The client flushes behind every command; while this is
 * <em>corked</em> such a flush waits, so that messages published one after the other share a system
 * call, and a packet. What the client's buffer (8 KiB) cannot hold goes out at once. For any
 * thread, but what is read is for one.
 */
final class CorkedFrames implements FrameHandler {
  /**
   * How much larger than agreed a frame may be that is read, in bytes. RabbitMQ puts a message's
   * headers into one frame, however large its own (x-death, x-delivery-count) have made them.
   */
  private static final int HEADROOM = 1 << 20;

  private final FrameHandler frames;
  private final LargeBodies bodies;
  private volatile boolean corked;

  /**
   * @param bodies what is done with large ones
   */
  CorkedFrames(FrameHandler frames, LargeBodies bodies) {
    this.frames = frames;
    this.bodies = bodies;
  }

  /** Lets flushes wait until {@link #uncork}, which is to follow soon. */
  void cork() {
    corked = true;
  }

  /** Makes up for the flushes that have waited, and lets later ones through. */
  void uncork() throws IOException {
    if (corked) {
      corked = false;
      frames.flush(null);
    }
  }

  @Override
  public void flush(@Nullable WriteListener listener) throws IOException {
    if (!corked || listener != null) {
      frames.flush(listener);
    }
  }

  @Override
  public boolean internalHearbeat() {
    return frames.internalHearbeat();
  }

  @Override
  public void setTimeout(int millis) throws SocketException {
    frames.setTimeout(millis);
  }

  @Override
  public int getTimeout() throws SocketException {
    return frames.getTimeout();
  }

  @Override
  public void sendHeader() throws IOException {
    frames.sendHeader();
  }

  @Override
  public void initialize(AMQConnection connection) {
    frames.initialize(connection);
  }

  @Override
  public void startProcessing() {
    frames.startProcessing();
  }

  @Override
  public void finishConnectionNegotiation() {
    frames.finishConnectionNegotiation();
  }

  @Override
  public void setFrameMax(int bytes) {
    frames.setFrameMax(
        bytes > 0 && bytes < Integer.MAX_VALUE - HEADROOM ? bytes + HEADROOM : bytes);
  }

  @Override
  public @Nullable Frame readFrame() throws IOException {
    Frame frame = frames.readFrame();
    return frame == null ? null : bodies.take(frame);
  }

  @Override
  public void writeFrame(Frame frame) throws IOException {
    frames.writeFrame(frame);
  }

  @Override
  public void close() {
    frames.close();
  }

  @Override
  public InetAddress getLocalAddress() {
    return frames.getLocalAddress();
  }

  @Override
  public int getLocalPort() {
    return frames.getLocalPort();
  }

  @Override
  public InetAddress getAddress() {
    return frames.getAddress();
  }

  @Override
  public int getPort() {
    return frames.getPort();
  }
}
