package org.messagebusbridge.websocket;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Sink;

/**
 * What goes to the WebSocket: one frame a message, written by the thread that sends it, which waits
 * while the peer does not read.
 */
final class WebSocketSink implements Sink {
  private final int maxMessageBytes;
  private final boolean pongs;
  private final FrameChoice frames;
  private final Optional<Deflation> deflation;
  private final WireOutput output;
  private final Runnable prober;

  private long sent;
  private long confirmed;
  private volatile boolean asked;
  private volatile boolean ended;
  private volatile @Nullable Confirmations confirmations;

  /**
   * @param maxMessageBytes the largest body that is sent
   * @param pongs whether pongs are the proof of delivery
   * @param prober asks the peer for a sign of life
   */
  WebSocketSink(
      int maxMessageBytes,
      boolean pongs,
      FrameChoice frames,
      Optional<Deflation> deflation,
      WireOutput output,
      Runnable prober) {
    this.maxMessageBytes = maxMessageBytes;
    this.pongs = pongs;
    this.frames = frames;
    this.deflation = deflation;
    this.output = output;
    this.prober = prober;
  }

  @Override
  public void start(Confirmations to) {
    confirmations = to;
  }

  @Override
  public long send(Message message) {
    sent++;
    byte[] body = message.body();
    boolean compressed = deflation.isPresent() && body.length > 0;
    byte[] payload = compressed ? deflation.get().deflate(body) : body;
    // Asked after the compressor, which leaves a body as it is once this has ended.
    if (!ended) {
      output.message(frames.opcode(body), compressed, payload);
    }
    return sent;
  }

  @Override
  public void flush() {
    output.sendOut();
  }

  /** Where pongs are no proof the peer is not asked for one. */
  @Override
  public void probe() {
    Confirmations to = confirmations;
    if (pongs) {
      asked = true;
      prober.run();
    } else if (to != null) {
      to.alive();
    }
  }

  @Override
  public long maxMessageBytes() {
    return maxMessageBytes;
  }

  /** The peer has answered a ping. Called by one thread at a time. */
  void answered() {
    Confirmations to = confirmations;
    if (asked && to != null) {
      asked = false;
      to.alive();
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

  /** Counts and nothing more from now on. */
  void end() {
    ended = true;
    deflation.ifPresent(Deflation::end);
  }
}
