package org.messagebusbridge.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * The masks of the frames that a client sends (RFC 6455, section 5.3): a key for each that nobody
 * can predict, laid over its payload. For one thread at a time.
 */
final class Masking {
  // In the machine's own order: reversing eight bytes would cost more than masking them.
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final boolean LITTLE_ENDIAN =
      ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Drawn together: the generator costs the same for four bytes as for many. */
  private final byte[] keys = new byte[1_024];

  private int used = keys.length;

  /** The next key, as {@link #put} and {@link #copy} take it. */
  int next() {
    if (used == keys.length) {
      RANDOM.nextBytes(keys);
      used = 0;
    }
    int key = (int) INTS.get(keys, used);
    used += Integer.BYTES;
    return key;
  }

  /** Writes a key as it goes before its payload. */
  static void put(int key, byte[] to, int at) {
    INTS.set(to, at, key);
  }

  /**
   * Copies a part of a payload, masked.
   *
   * @param from where the part begins, a multiple of 4
   */
  static void copy(byte[] payload, int from, byte[] to, int at, int count, int key) {
    long twice = ((long) key << Integer.SIZE) | Integer.toUnsignedLong(key);
    int done = 0;
    for (; done + Long.BYTES <= count; done += Long.BYTES) {
      LONGS.set(to, at + done, (long) LONGS.get(payload, from + done) ^ twice);
    }
    if (done + Integer.BYTES <= count) {
      INTS.set(to, at + done, (int) INTS.get(payload, from + done) ^ key);
      done += Integer.BYTES;
    }
    for (int i = 0; done < count; i++, done++) {
      int shift = Byte.SIZE * (LITTLE_ENDIAN ? i : Integer.BYTES - 1 - i);
      to[at + done] = (byte) (payload[from + done] ^ (key >>> shift));
    }
  }
}
