package org.messagebusbridge.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A WebSocket frame with every bit in the open (RFC 6455, section 5.2), right or wrong.
 *
 * <p>The length that is declared and the mask are independent of the payload, so a frame can
 * promise what it does not hold.
 */
public final class RawFrame {
  /** Opcodes of RFC 6455, section 11.8. */
  public static final int CONTINUATION = 0;

  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final int MAX_BYTES = 64 * 1024 * 1024;

  private final boolean fin;
  private final int rsv;
  private final int opcode;
  private final boolean masked;
  private final long declaredLength;
  private final byte[] payload;

  private RawFrame(
      boolean fin, int rsv, int opcode, boolean masked, long declaredLength, byte[] payload) {
    this.fin = fin;
    this.rsv = rsv;
    this.opcode = opcode;
    this.masked = masked;
    this.declaredLength = declaredLength;
    this.payload = payload;
  }

  /**
   * A frame as a server sends it: not masked, its length as it is.
   *
   * @param opcode 0 to 15, reserved ones included
   */
  public static RawFrame of(boolean fin, int opcode, byte[] payload) {
    return new RawFrame(fin, 0, opcode, false, payload.length, payload);
  }

  /** A whole text message, whatever its bytes are. */
  public static RawFrame text(byte[] payload) {
    return of(true, TEXT, payload);
  }

  /** A whole text message. */
  public static RawFrame text(String text) {
    return text(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A whole binary message. */
  public static RawFrame binary(byte[] payload) {
    return of(true, BINARY, payload);
  }

  /** A ping. */
  public static RawFrame ping(byte[] payload) {
    return of(true, PING, payload);
  }

  /** A close frame with any code, allowed or not, 0 to 65535. */
  public static RawFrame close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    return of(
        true, CLOSE, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
  }

  /**
   * Reads a frame; its payload is not masked any more.
   *
   * @throws IOException at the end of the stream ({@link java.io.EOFException}), at a reset, or
   *     when the frame has more than 64 MiB
   */
  public static RawFrame readFrom(DataInputStream in) throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    long length =
        switch (second & 0x7f) {
          case 126 -> in.readUnsignedShort();
          case 127 -> in.readLong();
          default -> second & 0x7f;
        };
    if (length < 0 || length > MAX_BYTES) {
      throw new IOException("a frame of " + length + " bytes");
    }
    boolean masked = (second & 0x80) != 0;
    byte[] key = in.readNBytes(masked ? 4 : 0);
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    return new RawFrame(
        (first & 0x80) != 0,
        first >> 4 & 7,
        first & 0x0f,
        masked,
        length,
        masked ? mask(payload, key) : payload);
  }

  /** This frame with the reserved bits set, 0 to 7 (RSV1 is 4). */
  public RawFrame withRsv(int bits) {
    return new RawFrame(fin, bits, opcode, masked, declaredLength, payload);
  }

  /**
   * This frame with another length in its header, 0 to 2^63 - 1 or negative for the highest bit
   * set.
   */
  public RawFrame declaring(long length) {
    return new RawFrame(fin, rsv, opcode, masked, length, payload);
  }

  /** This frame masked, as only a client may send it. */
  public RawFrame asMasked() {
    return new RawFrame(fin, rsv, opcode, true, declaredLength, payload);
  }

  /** Whether it is the last of its message. */
  public boolean fin() {
    return fin;
  }

  /** The three reserved bits, RSV1 the highest. */
  public int rsv() {
    return rsv;
  }

  /** The opcode. */
  public int opcode() {
    return opcode;
  }

  /** Whether it was, or is to be, masked. */
  public boolean masked() {
    return masked;
  }

  /** The payload itself, not masked; not to be changed. */
  public byte[] payload() {
    return payload;
  }

  /** The payload read as UTF-8. */
  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /** The code of a close frame; 1005 when it has none. */
  public int closeCode() {
    return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
  }

  /** The bytes on the wire. */
  public byte[] bytes() {
    ByteBuffer header = ByteBuffer.allocate(14);
    header.put((byte) ((fin ? 0x80 : 0) | rsv << 4 | opcode));
    int mask = masked ? 0x80 : 0;
    if (declaredLength >= 0 && declaredLength < 126) {
      header.put((byte) (mask | declaredLength));
    } else if (declaredLength >= 0 && declaredLength <= 0xffff) {
      header.put((byte) (mask | 126)).putShort((short) declaredLength);
    } else {
      header.put((byte) (mask | 127)).putLong(declaredLength);
    }
    byte[] key = {0x12, 0x34, 0x56, 0x78};
    if (masked) {
      header.put(key);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(header.array(), 0, header.position());
    out.writeBytes(masked ? mask(payload, key) : payload);
    return out.toByteArray();
  }

  /** Applies, or takes off, a mask (RFC 6455, section 5.3). */
  private static byte[] mask(byte[] payload, byte[] key) {
    byte[] result = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      result[i] = (byte) (payload[i] ^ key[i & 3]);
    }
    return result;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawFrame that && Arrays.equals(bytes(), that.bytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes());
  }

  /** The header, never the payload. */
  @Override
  public String toString() {
    return "frame(fin=%b, rsv=%d, opcode=%d, masked=%b, length=%d)"
        .formatted(fin, rsv, opcode, masked, declaredLength);
  }
}
