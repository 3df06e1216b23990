package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.neovisionaries.ws.client.ThreadType;
import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketAdapter;
import com.neovisionaries.ws.client.WebSocketException;
import com.neovisionaries.ws.client.WebSocketFrame;
import com.neovisionaries.ws.client.WebSocketOpcode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Utf8;
import org.messagebusbridge.websocket.WebSocketConfig.DeliveryConfirm;

/**
 * The listener of one connection's library and streams, which dispatches frames to the source, the
 * sink and the two kinds of pings, and failures, with what they mean, to the connection. That one
 * knows nothing of it. Called by the library's threads, by those that write, and by the timer.
 */
final class Dispatcher extends WebSocketAdapter {
  /** How long the reader may take to find a close frame when writing has failed. */
  private static final Duration WRITE_GRACE = Duration.ofSeconds(1);

  private static final byte[] EMPTY = new byte[0];

  private final WebSocketConnection connection;
  private final Peer peer;
  private final WebSocketConfig config;
  private final PingAllowance pings;
  private final WireInput input;
  private final WireOutput output;
  private final Optional<Inflation> inflation;
  private final MessageReader reader;
  private final WebSocketSource source;
  private final WebSocketSink sink;
  private final ReceiptPings receipts;
  private final PeerPings peerPings;
  private final Watchdog watchdog;

  Dispatcher(
      WebSocketConnection connection,
      WebSocketConnection.Wire wire,
      WebSocketConnection.Context context) {
    this.connection = connection;
    this.peer = wire.peer();
    this.config = context.config();
    this.pings = context.pings();
    this.input = wire.input();
    this.output = wire.output();
    this.inflation = wire.deflate().map(Inflation::agreed);
    this.reader = new MessageReader(config.maxMessageBytes(), inflation);
    this.source = connection.source();
    this.sink = connection.sink();
    this.receipts = connection.receipts();
    this.peerPings = connection.peerPings();
    this.watchdog = new Watchdog(peer, config.pongTimeout());
  }

  /** Begins to hear the streams and, every {@code interval}, to look after the connection. */
  void start(Duration interval) {
    input.open(this);
    output.open(new WireOutput.Connected(receipts, peerPings, this::outputFailed, this::flushed));
    connection.every(interval, this::tick);
  }

  /** A frame was read; called before the library goes on with it. */
  @Override
  public void onFrame(WebSocket ws, WebSocketFrame frame) {
    switch (frame.getOpcode()) {
      case WebSocketOpcode.PING -> ping(frame);
      case WebSocketOpcode.PONG -> receipts.pong(frame.getPayload()).ifPresent(this::answered);
      case WebSocketOpcode.CLOSE -> peerCloses(frame);
      default -> message(frame);
    }
  }

  private void answered(ReceiptPings.Proof proof) {
    if (proof.strange()) {
      pings.answeredStrangely();
    }
    connection.confirm(
        () -> {
          sink.answered();
          sink.confirmed(proof.messages());
        });
  }

  /** Answers a ping in our own time: to the library it becomes a pong that nobody asked for. */
  private void ping(WebSocketFrame frame) {
    byte[] payload = payload(frame);
    frame.setOpcode(WebSocketOpcode.PONG);
    if (connection.reads()) {
      peerPings.read(payload, source.handedOut());
    }
  }

  private void message(WebSocketFrame frame) {
    try {
      if (connection.reads()) {
        reader.read(frame).ifPresent(source::offer);
      } else {
        MessageReader.neutralize(frame);
      }
    } catch (MessageReader.RefusedException e) {
      violated(e.violation());
    }
  }

  private void peerCloses(WebSocketFrame frame) {
    byte[] payload = payload(frame);
    if (payload.length == 0) {
      closedBy(CloseCodes.NO_CODE, "");
      return;
    }
    int code = payload.length < 2 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    byte[] reason = Arrays.copyOfRange(payload, Math.min(2, payload.length), payload.length);
    if (!CloseCodes.sendable(code) || !Utf8.valid(reason)) {
      // The library answers with what stands in this frame.
      frame.setPayload(ByteBuffer.allocate(2).putShort((short) CloseCodes.PROTOCOL_ERROR).array());
      connection.lose(unavailable(peer + " sent an illegal close frame.", null));
      return;
    }
    closedBy(code, new String(reason, UTF_8));
  }

  private void closedBy(int code, String reason) {
    pings.closed(code, reason);
    String quoted = Sentences.quoted(reason);
    connection.lose(
        new BusException(
                CloseCodes.kind(code, config.get(WebSocketKeys.REFUSE_CODES)),
                peer
                    + " closed the connection with "
                    + CloseCodes.describe(code)
                    + (quoted.isEmpty() ? "." : ", saying \"" + quoted + "\"."),
                null)
            .withDetail("close-code", code));
  }

  private static byte[] payload(WebSocketFrame frame) {
    byte[] payload = frame.getPayload();
    return payload == null ? EMPTY : payload;
  }

  /** All that was written before a flush is in the operating system's hands. */
  private void flushed() {
    if (config.deliveryConfirm() == DeliveryConfirm.FLUSH) {
      connection.confirm(() -> sink.confirmed(output.messagesOut()));
    }
  }

  /** The peer sent what it may not. Called by the reading thread, once. */
  void violated(FrameGuard.Violation violation) {
    connection.refuse(
        violation.closeCode(),
        "peer " + violation.what(),
        unavailable(
            peer
                + " "
                + violation.what()
                + "; the bridge closed the connection with "
                + CloseCodes.describe(violation.closeCode())
                + ".",
            null));
  }

  /** The peer's bytes ended without a close frame. Called by the reading thread, once. */
  void inputEnded() {
    connection.giveUp(
        unavailable(peer + " closed the connection without saying why (no close frame).", null));
  }

  /** Reading failed. Called by the reading thread, once. */
  void inputFailed(IOException cause) {
    connection.giveUp(
        unavailable(
            "The connection to " + peer + " was cut: " + Sentences.cause(cause) + ".", cause));
  }

  /** What the peer said before it stopped reading may still be there to be read: it goes first. */
  private void outputFailed(IOException cause) {
    connection.later(
        () ->
            connection.giveUp(
                unavailable(
                    "The connection to "
                        + peer
                        + " was cut while it was written to: "
                        + Sentences.cause(cause)
                        + ".",
                    cause)),
        WRITE_GRACE.toNanos());
  }

  private static BusException unavailable(String sentence, @Nullable Throwable cause) {
    return new BusException(BusException.Kind.UNAVAILABLE, sentence, cause);
  }

  /** Looks after pings that are due, and a peer that is silent or too slow. */
  private void tick() {
    receipts.tick();
    watchdog
        .verdict(
            System.nanoTime(), receipts.debt(output.lastWriteNanos()), source.readingSince(), input)
        .ifPresent(sentence -> connection.giveUp(unavailable(sentence, null)));
  }

  @Override
  public void onThreadStopping(WebSocket ws, ThreadType type, Thread thread) {
    if (type == ThreadType.READING_THREAD) {
      inflation.ifPresent(Inflation::end);
    }
  }

  @Override
  public void onError(WebSocket ws, WebSocketException cause) {
    switch (cause.getError()) {
      case INSUFFICENT_DATA,
          NO_MORE_FRAME,
          IO_ERROR_IN_READING,
          IO_ERROR_IN_WRITING,
          FLUSH_ERROR -> {
        // The streams have told of these, and why.
      }
      default -> connection.failed(cause);
    }
  }

  @Override
  public void onDisconnected(
      WebSocket ws,
      @Nullable WebSocketFrame serverCloseFrame,
      @Nullable WebSocketFrame clientCloseFrame,
      boolean closedByServer) {
    connection.disconnected();
  }

  /** What the library would swallow: an exception of ours, thrown in one of the methods above. */
  @Override
  public void handleCallbackError(WebSocket ws, Throwable cause) {
    connection.failed(cause);
  }
}
