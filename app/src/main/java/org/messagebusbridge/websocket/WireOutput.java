package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.WebSocketOpcode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stream of what goes to a WebSocket peer. Close frames come from the library, which writes
 * them whole, one at a time and flushed. Messages do not pass through it: {@link #message} makes
 * their frames (RFC 6455, section 5.2) in the thread that sends them, which saves a hand-over to
 * the library's writing thread, and messages sent one after the other share a packet and a system
 * call. Nor do pongs, which whoever writes next writes first, so that no later message overtakes
 * one, and pings, which go behind the messages and get their numbers there. For any thread.
 */
final class WireOutput extends OutputStream {
  private static final int BUFFER_BYTES = 32 * 1024;
  private static final int MAX_HEADER_BYTES = 14;
  private static final int FIN = 0x80;
  private static final int RSV1 = 0x40;
  private static final int OPCODE = 0x0F;
  private static final int MASKED = 0x80;

  /**
   * What an open connection has to do with its output. All is called under the output's lock, but
   * for {@code flushed}.
   *
   * @param receipts says when a ping is to be written, and has it numbered
   * @param peerPings has the pongs that are to be written
   * @param failed told that writing has failed
   * @param flushed told that all that was written before a flush is with the operating system
   */
  record Connected(
      ReceiptPings receipts, PeerPings peerPings, Consumer<IOException> failed, Runnable flushed) {}

  private final OutputStream peer;
  private final BooleanSupplier permitted;
  private final ReentrantLock lock = new ReentrantLock();
  private final Masking masking = new Masking();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private @Nullable Connected connected;
  private boolean closing;
  private boolean broken;
  private long messages;
  private volatile long messagesOut;
  private volatile long lastWriteNanos = System.nanoTime();

  /**
   * @param permitted asked before each write: whether anything may be written still
   */
  WireOutput(OutputStream peer, BooleanSupplier permitted) {
    this.peer = peer;
    this.permitted = permitted;
  }

  /**
   * The handshake is over. Until then a connection that is broken is no failure of writing: what
   * the peer said before it broke it, a TLS alert or an HTTP status, is still to be read.
   */
  void open(Connected to) {
    lock.lock();
    try {
      connected = to;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a message behind what was written before, and a ping behind it if one is due; they may
   * stay in the buffer until {@link #sendOut}. Waits while the peer does not read. A failure is
   * told to {@link Connected#failed}.
   *
   * @param compressed whether the payload is (RFC 7692, section 6)
   * @return false when it was not taken: behind a close frame, or on a connection that has failed
   */
  boolean message(int opcode, boolean compressed, byte[] payload) {
    lock.lock();
    try {
      Connected to = sending();
      if (to == null || broken) {
        return false;
      }
      writePongs(to);
      frame(FIN | (compressed ? RSV1 : 0) | opcode, payload);
      messages++;
      if (to.receipts.messageWritten()) {
        writePing(to);
      }
      return true;
    } catch (IOException e) {
      failed(e);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a row of messages: hands to the operating system what they have left in the buffer, with a
   * ping behind it if one is due.
   */
  void sendOut() {
    Connected told;
    lock.lock();
    try {
      if (broken) {
        return;
      }
      Connected to = sending();
      if (to != null && to.receipts.rowEnded()) {
        writePing(to);
      }
      writeControls(to);
      writeOut();
      told = connected;
    } catch (IOException e) {
      failed(e);
      return;
    } finally {
      lock.unlock();
    }
    flushed(told);
  }

  /** How many messages the operating system has in full. */
  long messagesOut() {
    return messagesOut;
  }

  /** When bytes last went to the operating system, by {@link System#nanoTime}. */
  long lastWriteNanos() {
    return lastWriteNanos;
  }

  /** The connection while frames of ours may go out: after the handshake, before a close frame. */
  private @Nullable Connected sending() {
    return closing ? null : connected;
  }

  private void failed(IOException cause) {
    if (connected != null) {
      connected.failed.accept(cause);
    }
  }

  private static void flushed(@Nullable Connected told) {
    if (told != null) {
      told.flushed.run();
    }
  }

  private void writePongs(Connected to) throws IOException {
    byte[] pong = to.peerPings.next();
    while (pong != null) {
      frame(FIN | WebSocketOpcode.PONG, pong);
      pong = to.peerPings.next();
    }
  }

  private void writePing(Connected to) throws IOException {
    writePongs(to);
    frame(FIN | WebSocketOpcode.PING, to.receipts.next());
  }

  /** The pongs that are due, and the ping that is wanted. */
  private void writeControls(@Nullable Connected to) throws IOException {
    if (to != null) {
      writePongs(to);
      if (to.receipts.isWanted()) {
        writePing(to);
      }
    }
  }

  private void frame(int first, byte[] payload) throws IOException {
    if (BUFFER_BYTES - buffered < MAX_HEADER_BYTES) {
      writeOut();
    }
    buffer[buffered++] = (byte) first;
    length(payload.length);
    int key = masking.next();
    Masking.put(key, buffer, buffered);
    buffered += Integer.BYTES;
    int from = 0;
    while (from < payload.length) {
      // In fours, so that each part begins where the key does.
      int room = (BUFFER_BYTES - buffered) & -Integer.BYTES;
      if (room == 0) {
        writeOut();
        room = BUFFER_BYTES;
      }
      int step = Math.min(payload.length - from, room);
      Masking.copy(payload, from, buffer, buffered, step, key);
      buffered += step;
      from += step;
    }
  }

  private void length(int bytes) {
    int following = bytes <= 125 ? 0 : bytes <= 0xFFFF ? Short.BYTES : Long.BYTES;
    buffer[buffered++] = (byte) (MASKED | (following == 0 ? bytes : following == 2 ? 126 : 127));
    for (int shift = (following - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      buffer[buffered++] = (byte) ((long) bytes >>> shift);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /** The library's: its handshake, then control frames that begin where the bytes do. */
  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      Connected to = sending();
      if (to != null) {
        writePongs(to);
      }
      int from = offset;
      int end = offset + length;
      while (from < end) {
        if (buffered == BUFFER_BYTES) {
          writeOut();
        }
        int step = Math.min(end - from, BUFFER_BYTES - buffered);
        System.arraycopy(bytes, from, buffer, buffered, step);
        buffered += step;
        from += step;
      }
      if (connected != null && length > 0 && (bytes[offset] & OPCODE) == WebSocketOpcode.CLOSE) {
        closing = true;
      }
    } catch (IOException e) {
      failed(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() throws IOException {
    Connected told;
    lock.lock();
    try {
      writeControls(sending());
      writeOut();
      told = connected;
    } catch (IOException e) {
      failed(e);
      throw e;
    } finally {
      lock.unlock();
    }
    flushed(told);
  }

  /** What could not be written is forgotten, and with it all that would come after it. */
  private void writeOut() throws IOException {
    if (broken) {
      throw new IOException("what was written before has not arrived");
    }
    if (buffered > 0) {
      int count = buffered;
      buffered = 0;
      boolean done = false;
      try {
        if (!permitted.getAsBoolean()) {
          throw new IOException("it may be another bridge's turn to write");
        }
        peer.write(buffer, 0, count);
        peer.flush();
        done = true;
      } catch (SocketException e) {
        if (connected != null) {
          throw e;
        }
      } finally {
        broken = connected != null && !done;
      }
      lastWriteNanos = System.nanoTime();
    }
    messagesOut = messages;
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
