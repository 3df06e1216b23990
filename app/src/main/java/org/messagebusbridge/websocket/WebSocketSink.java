package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.WebSocketFrame;
import com.neovisionaries.ws.client.WebSocketOpcode;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Sink;

/**
 * What goes to the WebSocket: one frame a message, handed to the library's writing thread. How much
 * waits for that thread is bounded in messages and in bytes; {@link #send} waits for room.
 */
final class WebSocketSink implements Sink {
  private static final int MAX_QUEUED_MESSAGES = 1_024;
  private static final long MAX_QUEUED_BYTES = 8L << 20;

  private final int maxMessageBytes;
  private final FrameChoice frames;
  private final Optional<Deflation> deflation;
  private final Optional<WireOutput> output;
  private final Consumer<WebSocketFrame> sender;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private int queuedMessages;
  private long queuedBytes;
  private long sent;
  private long confirmed;
  private boolean ended;
  private long written;
  private volatile @Nullable Confirmations confirmations;

  /**
   * @param maxMessageBytes the largest body that is sent
   * @param output what to cork while messages come in a row; empty when each is to leave at once
   * @param sender queues a frame for the writing thread; does not wait
   */
  WebSocketSink(
      int maxMessageBytes,
      FrameChoice frames,
      Optional<Deflation> deflation,
      Optional<WireOutput> output,
      Consumer<WebSocketFrame> sender) {
    this.maxMessageBytes = maxMessageBytes;
    this.frames = frames;
    this.deflation = deflation;
    this.output = output;
    this.sender = sender;
  }

  @Override
  public void start(Confirmations to) {
    confirmations = to;
  }

  @Override
  public long send(Message message) {
    WebSocketFrame frame = frame(message);
    lock.lock();
    try {
      awaitRoom(frame.getPayloadLength());
      sent++;
      if (ended) {
        return sent;
      }
      queuedMessages++;
      queuedBytes += frame.getPayloadLength();
    } finally {
      lock.unlock();
    }
    output.ifPresent(WireOutput::cork);
    sender.accept(frame);
    return sent;
  }

  private WebSocketFrame frame(Message message) {
    byte[] body = message.body();
    WebSocketFrame frame = new WebSocketFrame().setFin(true).setOpcode(frames.opcode(body));
    if (deflation.isPresent() && body.length > 0) {
      return frame.setRsv1(true).setPayload(deflation.get().deflate(body));
    }
    return frame.setPayload(body);
  }

  private void awaitRoom(int bytes) {
    while (!ended
        && queuedMessages > 0
        && (queuedMessages >= MAX_QUEUED_MESSAGES || queuedBytes + bytes > MAX_QUEUED_BYTES)) {
      room.awaitUninterruptibly();
    }
  }

  @Override
  public void flush() {
    output.ifPresent(WireOutput::uncork);
  }

  @Override
  public long maxMessageBytes() {
    return maxMessageBytes;
  }

  /**
   * A data frame was written. Called by the writing thread.
   *
   * @return whether more wait to be written
   */
  boolean written(WebSocketFrame frame) {
    lock.lock();
    try {
      queuedMessages--;
      queuedBytes -= frame.getPayloadLength();
      written++;
      room.signalAll();
      return queuedMessages > 0;
    } finally {
      lock.unlock();
    }
  }

  /** How many messages were written: the number of the last one. */
  long written() {
    lock.lock();
    try {
      return written;
    } finally {
      lock.unlock();
    }
  }

  /** The peer has every message up to this number. Called by one thread at a time. */
  void confirmed(long number) {
    Confirmations to = confirmations;
    if (to != null && number > confirmed) {
      confirmed = number;
      to.confirmed(number, true);
    }
  }

  /** Counts and nothing more from now on; lets go whoever waits for room. */
  void end() {
    lock.lock();
    try {
      ended = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
    deflation.ifPresent(Deflation::end);
  }

  /** Whether a frame is one that this sink makes. */
  static boolean carriesMessage(WebSocketFrame frame) {
    return frame.getOpcode() == WebSocketOpcode.TEXT || frame.getOpcode() == WebSocketOpcode.BINARY;
  }
}
