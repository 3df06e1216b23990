package org.messagebusbridge.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A stream of frames that cuts those with more data than {@link #PIECE_BYTES} into fragments of
 * that size (RFC 6455, section 5.4), for a reader that allocates what a header declares: so it
 * allocates no more than that on the peer's word. All other frames pass as they are. The frames
 * have to be legal. For one thread.
 */
final class FrameCutter extends InputStream {
  /** The longest payload that the reader sees declared. */
  static final int PIECE_BYTES = 256 * 1024;

  private static final int FIN = 0x80;
  private static final int CONTROL = 0x08;
  private static final int LENGTH_OF_8_BYTES = 127;
  private static final int LENGTH_OF_2_BYTES = 126;

  private final InputStream frames;
  private final byte[] buffer = new byte[8 * 1024];
  private int at;
  private int end;

  private final ByteBuffer header = ByteBuffer.allocate(10);
  private boolean headerWhole;
  private boolean fin;
  private long pieceLeft;
  private long behindPiece;

  FrameCutter(InputStream frames) {
    this.frames = frames;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /** Waits for the first byte alone. */
  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int given = 0;
    while (given < length) {
      if (headerWhole) {
        given += header(bytes, offset + given, length - given);
      } else if (pieceLeft == 0 && behindPiece > 0) {
        piece(0);
      } else if (at < end) {
        given += pieceLeft > 0 ? payload(bytes, offset + given, length - given) : collectHeader();
      } else if (given > 0) {
        break;
      } else if (pieceLeft > 0 && length >= buffer.length) {
        return straight(bytes, offset, length);
      } else if (!fill()) {
        return -1;
      }
    }
    return given;
  }

  private boolean fill() throws IOException {
    int count = frames.read(buffer, 0, buffer.length);
    at = 0;
    end = Math.max(0, count);
    return count >= 0;
  }

  private int straight(byte[] bytes, int offset, int length) throws IOException {
    int count = frames.read(bytes, offset, (int) Math.min(length, pieceLeft));
    pieceLeft -= Math.max(0, count);
    return count;
  }

  private int payload(byte[] bytes, int offset, int length) {
    int count = (int) Math.min(Math.min(length, end - at), pieceLeft);
    System.arraycopy(buffer, at, bytes, offset, count);
    at += count;
    pieceLeft -= count;
    return count;
  }

  private int header(byte[] bytes, int offset, int length) {
    int count = Math.min(length, header.remaining());
    header.get(bytes, offset, count);
    if (!header.hasRemaining()) {
      headerWhole = false;
      header.clear();
    }
    return count;
  }

  /** Takes a byte of the next frame's header. */
  private int collectHeader() {
    header.put(buffer[at++]);
    int size = header.position();
    int shortLength = size < 2 ? 0 : header.get(1);
    int expected = shortLength == LENGTH_OF_8_BYTES ? 10 : shortLength == LENGTH_OF_2_BYTES ? 4 : 2;
    if (size == expected) {
      begin(
          switch (expected) {
            case 10 -> header.getLong(2);
            case 4 -> header.getShort(2) & 0xFFFF;
            default -> shortLength;
          });
    }
    return 0;
  }

  private void begin(long declared) {
    int first = header.get(0);
    if ((first & CONTROL) == 0 && declared > PIECE_BYTES) {
      fin = (first & FIN) != 0;
      behindPiece = declared;
      piece(first);
    } else {
      pieceLeft = declared;
      header.flip();
      headerWhole = true;
    }
  }

  /**
   * Makes the header of the next piece.
   *
   * @param first opcode and reserved bits; zero: a continuation
   */
  private void piece(int first) {
    pieceLeft = Math.min(PIECE_BYTES, behindPiece);
    behindPiece -= pieceLeft;
    int last = fin && behindPiece == 0 ? FIN : 0;
    header.clear();
    header.put((byte) ((first & ~FIN) | last)).put((byte) LENGTH_OF_8_BYTES).putLong(pieceLeft);
    header.flip();
    headerWhole = true;
  }

  @Override
  public void close() throws IOException {
    frames.close();
  }
}
