package org.messagebusbridge.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketFrame;
import com.neovisionaries.ws.client.WebSocketOpcode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.config.WebSocketConfig;
import org.messagebusbridge.config.WebSocketConfig.DeliveryConfirm;

/**
 * What moves over one connection: gives each frame that is read or written to whom it concerns, and
 * says what it means when no more come.
 */
final class Traffic implements WireEvents {
  /** How long the reader may take to find a close frame when writing has failed. */
  private static final Duration WRITE_GRACE = Duration.ofSeconds(1);

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] EMPTY = new byte[0];

  private final WebSocketConnection connection;
  private final Peer peer;
  private final WebSocketConfig config;
  private final WireInput input;
  private final WireOutput output;
  private final Optional<Compression> compression;
  private final MessageReader reader;
  private final WebSocketSource source;
  private final WebSocketSink sink;
  private final ReceiptPings receipts;
  private final PeerPings peerPings;
  private final Watchdog watchdog;
  private final Runnable weakProof;
  private final PingAllowance pings;
  private final FrameRate frameRate;

  Traffic(WebSocketConnection connection, Dialled dialled, Surroundings surroundings) {
    this.connection = connection;
    this.peer = dialled.peer();
    this.config = surroundings.config();
    this.pings = surroundings.pings();
    this.input = dialled.input();
    this.output = dialled.output();
    this.compression = Compression.agreed(dialled.webSocket());
    boolean pong = config.deliveryConfirm() == DeliveryConfirm.PONG;
    reader = new MessageReader(config.maxMessageBytes(), compression.map(Compression::inflation));
    receipts =
        new ReceiptPings(
            new ReceiptPings.Pace(pong, pings.interval(), config.pingInterval()),
            config.evidence().pongMatch(),
            RANDOM.nextLong(),
            System::nanoTime,
            () -> {
              output.wantPing();
              flushLater(dialled.webSocket());
            },
            nanos -> connection.later(nanos, this::proveNow));
    sink =
        new WebSocketSink(
            config.maxMessageBytes(),
            pong,
            surroundings.frames(),
            compression.map(Compression::deflation),
            output,
            receipts);
    peerPings =
        new PeerPings(
            System::nanoTime,
            payload -> {
              output.pong(payload);
              flushLater(dialled.webSocket());
            },
            nanos -> connection.later(nanos, this::answerNow));
    source =
        new WebSocketSource(
            surroundings.window(), System::nanoTime, peerPings::accepted, this::reject);
    watchdog = new Watchdog(config.pongTimeout());
    frameRate = new FrameRate(config.pongTimeout());
    weakProof = surroundings.weakProof();
  }

  /** By the library's writing thread: nobody waits here. */
  private static void flushLater(WebSocket webSocket) {
    var _ = webSocket.flush();
  }

  WebSocketSource source() {
    return source;
  }

  WebSocketSink sink() {
    return sink;
  }

  private void proveNow() {
    receipts.wake();
  }

  private void answerNow() {
    peerPings.wake();
  }

  /** A frame was read; called before the library goes on with it. */
  void read(WebSocketFrame frame) {
    switch (frame.getOpcode()) {
      case WebSocketOpcode.PING -> ping(frame);
      case WebSocketOpcode.PONG -> receipts.pong(frame.getPayload()).ifPresent(this::answered);
      case WebSocketOpcode.CLOSE -> peerCloses(frame);
      default -> message(frame);
    }
  }

  private void answered(ReceiptPings.Proof proof) {
    if (proof.strange()) {
      weakProof.run();
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
                CloseCodes.kind(code, config.evidence().refuseCodes()),
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

  @Override
  public byte[] nextPing() {
    return receipts.next();
  }

  @Override
  public void pongWritten() {
    peerPings.pongWritten();
  }

  @Override
  public void flushed() {
    if (config.deliveryConfirm() == DeliveryConfirm.FLUSH) {
      connection.confirm(() -> sink.confirmed(output.messagesOut()));
    }
  }

  private void reject(Rejection rejection) {
    connection.refuse(
        CloseCodes.TOO_BIG,
        rejection.detail(),
        unavailable(
            "The connection to "
                + peer
                + " was closed with "
                + CloseCodes.describe(CloseCodes.TOO_BIG)
                + " over a message that cannot be delivered: "
                + Sentences.quoted(rejection.detail()),
            null));
  }

  @Override
  public void violated(FrameGuard.Violation violation) {
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

  @Override
  public void inputEnded() {
    connection.giveUp(
        unavailable(peer + " closed the connection without saying why (no close frame).", null));
  }

  @Override
  public void inputFailed(IOException cause) {
    connection.giveUp(
        unavailable(
            "The connection to " + peer + " was cut: " + Sentences.cause(cause) + ".", cause));
  }

  /** What the peer said before it stopped reading may still be there to be read: it goes first. */
  @Override
  public void outputFailed(IOException cause) {
    connection.later(
        WRITE_GRACE.toNanos(),
        () ->
            connection.giveUp(
                unavailable(
                    "The connection to "
                        + peer
                        + " was cut while it was written to: "
                        + Sentences.cause(cause)
                        + ".",
                    cause)));
  }

  private static BusException unavailable(String sentence, @Nullable Throwable cause) {
    return new BusException(BusException.Kind.UNAVAILABLE, sentence, cause);
  }

  /** Looks after pings that are due, and a pong that is overdue. Called every now and then. */
  void tick() {
    receipts.tick();
    long now = System.nanoTime();
    Optional<ReceiptPings.Debt> debt = receipts.debt(output.lastWriteNanos());
    if (watchdog.expired(
        now, debt, source.readingSince(), input.lastReadNanos(), input.progress())) {
      connection.giveUp(unavailable(silence(debt.orElseThrow()), null));
    }
    giveUpOverASlowFrame(now);
  }

  private void giveUpOverASlowFrame(long now) {
    if (frameRate.tooSlow(now, source.readingSince(), input.progress(), input.bytesRead())) {
      connection.giveUp(
          unavailable(
              peer
                  + " sent a frame at less than "
                  + FrameRate.LEAST
                  + " bytes a second for "
                  + Sentences.seconds(config.pongTimeout())
                  + " (ws_pong_timeout_secs), and nothing can come before its end.",
              null));
    }
  }

  private String silence(ReceiptPings.Debt debt) {
    String time = Sentences.seconds(config.pongTimeout()) + " (ws_pong_timeout_secs)";
    if (!debt.everAnswered()) {
      return peer
          + " has not answered a single ping in "
          + time
          + ", so nothing can be known to arrive there; if it never does, set ws_delivery_confirm ="
          + " flush.";
    }
    String before =
        debt.inFront() == 0
            ? ""
            : ", with "
                + (debt.inFront() == 1 ? "1 message" : debt.inFront() + " messages")
                + " before it";
    return peer + " did not answer a ping for " + time + before + ".";
  }

  /** Nothing more is sent; what comes is still handed out. */
  void closing() {
    sink.end();
    source.closing();
  }

  /** Nothing more is sent, but a close frame, or handed out. */
  void end(Optional<BusException> cause) {
    sink.end();
    source.end(cause);
  }

  /** The reading thread has ended. */
  void readerStopped() {
    compression.ifPresent(agreed -> agreed.inflation().end());
  }
}
