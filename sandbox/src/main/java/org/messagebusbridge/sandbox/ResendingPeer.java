package org.messagebusbridge.sandbox;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The best peer a bridge can have, and still one that can be told to misbehave. It sends numbered
 * messages over its newest connection, at most a window of them ahead of their receipts; asks for
 * receipts by pings, one on its way at a time, each carrying the number of the last message written
 * before it; and sends again what has none, the oldest first, on the connection that comes next, or
 * on an older one that is still there. A pong that took {@link #PROOF_WITHIN} proves nothing, as a
 * bridge waits no longer for its broker than that, and the ping is repeated.
 *
 * <p>What it hears goes to its {@link PeerScript}; it keeps numbers only, so millions of messages
 * cost no memory. All of its methods may be called by any thread.
 */
public final class ResendingPeer extends Behaviour {
  /** A pong that took this long is no receipt. */
  public static final Duration PROOF_WITHIN = Duration.ofSeconds(5);

  static final Duration PING_EVERY = Duration.ofMillis(5);

  private static final int FLUSHES_TOGETHER = 256;

  private final PeerScript script;
  private final Duration pongTimeout;
  private final Monitor monitor = new Monitor();
  private final Outbox outbox;
  private final List<PeerWire> wires = new ArrayList<>();
  private int opened;
  private long received;
  private volatile boolean pongsWithheld;

  /** A peer that takes a connection for dead when a pong is 30 s late. */
  public ResendingPeer(PeerScript script, int window) {
    this(script, window, Duration.ofSeconds(30));
  }

  /**
   * A peer with nothing to send yet.
   *
   * @param window how many messages may be without a receipt, 1 or more
   * @param pongTimeout a connection whose pong is this late is reset
   */
  public ResendingPeer(PeerScript script, int window, Duration pongTimeout) {
    this.script = script;
    this.pongTimeout = pongTimeout;
    this.outbox = new Outbox(window, PING_EVERY, PROOF_WITHIN);
  }

  /** Messages up to this number are due, and go as soon as connection and window let them. */
  public void sendThrough(long number) {
    monitor.change(() -> outbox.limit(number));
    wake();
  }

  /** The highest number that was ever given to a connection; 0: none was. */
  public long sent() {
    return monitor.read(outbox::everWritten);
  }

  /** The number of the last message that has a receipt, as all before it have; 0: none has. */
  public long receipted() {
    return monitor.read(outbox::receipted);
  }

  /** How often a message was given to a connection again. */
  public long resent() {
    return monitor.read(outbox::resent);
  }

  /** How many messages came and were taken. */
  public long received() {
    return monitor.read(() -> received);
  }

  /** How many connections there are now that nobody has begun to close. */
  public int openConnections() {
    return monitor.read(wires::size);
  }

  /** How many connections there ever were. */
  public int connections() {
    return monitor.read(() -> opened);
  }

  /**
   * Waits until there is a receipt for all messages up to this one.
   *
   * @throws SandboxException when there is none in time
   */
  public void awaitReceipted(long number, Duration timeout) throws InterruptedException {
    await(
        () -> outbox.receipted() >= number,
        timeout,
        () -> "The peer had receipts up to " + outbox.receipted() + " of " + number);
  }

  /**
   * Waits until at least so many connections have been made.
   *
   * @throws SandboxException when they are not in time
   */
  public void awaitConnections(int count, Duration timeout) throws InterruptedException {
    await(
        () -> opened >= count, timeout, () -> "The peer saw " + opened + " of " + count + " calls");
  }

  private void await(BooleanSupplier condition, Duration timeout, Supplier<String> otherwise)
      throws InterruptedException {
    monitor.await(condition, timeout, otherwise);
  }

  /** Whether pings are swallowed from now on; those that were swallowed are never answered. */
  public void withholdPongs(boolean withheld) {
    pongsWithheld = withheld;
  }

  /**
   * Whether the present sockets are left unread, and their losses unnoticed; once it returns
   * nothing more is heard. Those that connect later are read.
   */
  public void pauseReading(boolean paused) throws InterruptedException {
    for (PeerWire wire : snapshot()) {
      wire.pauseReading(paused);
    }
  }

  /** Sends a close frame with this code on every connection, after all that was sent before. */
  public void closeAll(int code, String reason) {
    snapshot().forEach(wire -> wire.close(code, reason));
  }

  /** Resets every connection. */
  public void abortAll() {
    snapshot().forEach(PeerWire::abort);
  }

  @Override
  void open(ChannelPipeline pipeline, int number, int maxMessageBytes) {
    PeerWire wire = new PeerWire(this, pipeline.channel(), number, maxMessageBytes);
    pipeline.addLast(new FlushConsolidationHandler(FLUSHES_TOGETHER, true), wire.handler());
    monitor.change(
        () -> {
          opened++;
          wires.add(wire);
          outbox.restart();
        });
    // After the handshake is answered, which the present task of the event loop does.
    wire.wake();
  }

  /** The next message that this connection has to write. */
  OptionalLong take(PeerWire wire) {
    return monitor.read(() -> isCurrent(wire) ? outbox.take() : OptionalLong.empty());
  }

  /** The number that this connection has to ping with. */
  OptionalLong takePing(PeerWire wire, long now) {
    return monitor.read(() -> isCurrent(wire) ? outbox.takePing(now) : OptionalLong.empty());
  }

  boolean awaitsPongSince(PeerWire wire, long time) {
    return monitor.read(() -> isCurrent(wire) && outbox.awaitsPongSince(time));
  }

  Duration pongTimeout() {
    return pongTimeout;
  }

  PeerScript script() {
    return script;
  }

  Answer heard(ReceivedMessage message) {
    Answer answer = script.received(message);
    if (answer instanceof Answer.Take) {
      monitor.change(() -> received++);
    }
    return answer;
  }

  boolean answersPings() {
    return !pongsWithheld;
  }

  void pong(PeerWire wire, long number, long now) {
    boolean[] news = new boolean[1];
    monitor.change(() -> news[0] = isCurrent(wire) && outbox.pong(number, now));
    if (news[0]) {
      script.receipted(number);
    }
    wire.wakeToPing();
  }

  /** Nothing may be sent over this connection any more. */
  void gone(PeerWire wire) {
    monitor.change(
        () -> {
          boolean current = isCurrent(wire);
          wires.remove(wire);
          if (current) {
            outbox.restart();
          }
        });
    wake();
  }

  private boolean isCurrent(PeerWire wire) {
    return !wires.isEmpty() && wires.getLast() == wire;
  }

  private void wake() {
    List<PeerWire> open = snapshot();
    if (!open.isEmpty()) {
      open.getLast().wake();
    }
  }

  private List<PeerWire> snapshot() {
    return monitor.read(() -> List.copyOf(wires));
  }
}
