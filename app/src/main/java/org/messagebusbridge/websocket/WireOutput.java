package org.messagebusbridge.websocket;

import com.neovisionaries.ws.client.WebSocketOpcode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What goes to a WebSocket peer. Control frames come from the library, which writes them whole, one
 * at a time and flushed. Messages do not pass through it: {@link #message} makes their frames (RFC
 * 6455, section 5.2) in the thread that sends them, which saves a hand-over to the library's
 * writing thread, and messages sent one after the other share a packet and a system call. Nor do
 * pongs, which whoever writes next writes first, so that no later message overtakes one, and pings,
 * which go behind the messages. For any thread.
 */
final class WireOutput extends OutputStream {
  private static final int BUFFER_BYTES = 32 * 1024;
  private static final int MAX_HEADER_BYTES = 14;
  private static final int FIN = 0x80;
  private static final int RSV1 = 0x40;
  private static final int OPCODE = 0x0F;
  private static final int MASKED = 0x80;

  private final OutputStream peer;
  private final WireEvents events;
  private final BooleanSupplier permitted;
  private final ReentrantLock lock = new ReentrantLock();
  private final Masking masking = new Masking();
  private volatile boolean pingWanted;
  private final Queue<byte[]> pongs = new ConcurrentLinkedQueue<>();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private boolean open;
  private boolean closing;
  private boolean broken;
  private long messages;
  private volatile long messagesOut;
  private volatile long lastWriteNanos = System.nanoTime();

  WireOutput(OutputStream peer, WireEvents events) {
    this(peer, events, () -> true);
  }

  /**
   * @param permitted asked before each write: whether anything may be written still
   */
  WireOutput(OutputStream peer, WireEvents events, BooleanSupplier permitted) {
    this.peer = peer;
    this.events = events;
    this.permitted = permitted;
  }

  /**
   * The handshake is over. Until then a connection that is broken is no failure of writing: what
   * the peer said before it broke it, a TLS alert or an HTTP status, is still to be read.
   */
  void open() {
    lock.lock();
    try {
      open = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a message behind what was written before; it may stay in the buffer until {@link
   * #sendOut}. Waits while the peer does not read. A failure is told to {@link
   * WireEvents#outputFailed}, once.
   *
   * @param compressed whether the payload is (RFC 7692, section 6)
   * @return false when it was not taken: behind a close frame, or on a connection that has failed
   */
  boolean message(int opcode, boolean compressed, byte[] payload) {
    lock.lock();
    try {
      if (closing || broken) {
        return false;
      }
      writePongs();
      frame(FIN | (compressed ? RSV1 : 0) | opcode, payload);
      messages++;
      return true;
    } catch (IOException e) {
      events.outputFailed(e);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Puts a ping behind the messages, as {@link #message} does. */
  void ping() {
    lock.lock();
    try {
      if (!broken) {
        pingWanted = true;
        writePongs();
        writePing();
      }
    } catch (IOException e) {
      events.outputFailed(e);
    } finally {
      lock.unlock();
    }
  }

  /** Has a ping written behind the messages, by the next flush at the latest. Does not wait. */
  void wantPing() {
    pingWanted = true;
  }

  /**
   * Has a pong written before all that is sent from now on, by the next flush at the latest. Does
   * not wait.
   */
  void pong(byte[] payload) {
    pongs.add(payload);
  }

  /** Hands to the operating system what messages have left in the buffer. */
  void sendOut() {
    lock.lock();
    try {
      if (broken) {
        return;
      }
      writePongs();
      writePing();
      writeOut();
    } catch (IOException e) {
      events.outputFailed(e);
      return;
    } finally {
      lock.unlock();
    }
    events.flushed();
  }

  /** How many messages the operating system has in full. */
  long messagesOut() {
    return messagesOut;
  }

  /** When bytes last went to the operating system, by {@link System#nanoTime}. */
  long lastWriteNanos() {
    return lastWriteNanos;
  }

  private void writePongs() throws IOException {
    while (open && !closing) {
      byte[] pong = pongs.poll();
      if (pong == null) {
        return;
      }
      frame(FIN | WebSocketOpcode.PONG, pong);
      events.pongWritten();
    }
  }

  private void writePing() throws IOException {
    if (pingWanted && open && !closing) {
      pingWanted = false;
      frame(FIN | WebSocketOpcode.PING, events.nextPing());
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
      writePongs();
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
      if (open && length > 0) {
        controlWritten(bytes[offset] & OPCODE);
      }
    } catch (IOException e) {
      events.outputFailed(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void controlWritten(int opcode) {
    if (opcode == WebSocketOpcode.CLOSE) {
      closing = true;
    }
  }

  @Override
  public void flush() throws IOException {
    lock.lock();
    try {
      writePongs();
      writePing();
      writeOut();
    } catch (IOException e) {
      events.outputFailed(e);
      throw e;
    } finally {
      lock.unlock();
    }
    events.flushed();
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
        if (open) {
          throw e;
        }
      } finally {
        broken = open && !done;
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
