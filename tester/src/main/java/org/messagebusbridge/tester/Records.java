package org.messagebusbridge.tester;

import java.util.ArrayList;
import java.util.List;

/**
 * What is kept of each message: 23 bytes, in blocks, so that a run of millions copies none. Indexes
 * count from 0. Used by one thread at a time.
 */
final class Records {

  static final byte PENDING = 0;
  static final byte RETURNED = 1;
  static final byte REFUSED = 2;
  static final byte DAMAGED = 3;

  private static final int SHIFT = 14;
  private static final int LENGTH = 1 << SHIFT;

  private static final class Block {
    private final long[] intended = new long[LENGTH];
    private final int[] lagMicros = new int[LENGTH];
    private final long[] roundTrip = new long[LENGTH];
    private final short[] minuteAndSecond = new short[LENGTH];
    private final byte[] state = new byte[LENGTH];
  }

  private final List<Block> blocks = new ArrayList<>();
  private int size;

  /** Adds a message that is out. */
  void add(long intended, long sent, int minuteAndSecond) {
    if (size >> SHIFT == blocks.size()) {
      blocks.add(new Block());
    }
    int index = size++;
    Block block = block(index);
    int at = index & (LENGTH - 1);
    block.intended[at] = intended;
    block.lagMicros[at] = (int) Math.min(Integer.MAX_VALUE, Math.max(0, sent - intended) / 1_000);
    block.minuteAndSecond[at] = (short) minuteAndSecond;
  }

  int size() {
    return size;
  }

  long intended(int index) {
    return block(index).intended[index & (LENGTH - 1)];
  }

  /** When it was sent, to the microsecond. */
  long sent(int index) {
    return intended(index) + 1_000L * block(index).lagMicros[index & (LENGTH - 1)];
  }

  int minuteAndSecond(int index) {
    return block(index).minuteAndSecond[index & (LENGTH - 1)];
  }

  byte state(int index) {
    return block(index).state[index & (LENGTH - 1)];
  }

  /** The round trip in nanoseconds, of a message that is back. */
  long roundTrip(int index) {
    return block(index).roundTrip[index & (LENGTH - 1)];
  }

  void setState(int index, byte state) {
    block(index).state[index & (LENGTH - 1)] = state;
  }

  void setReturned(int index, long roundTrip) {
    block(index).roundTrip[index & (LENGTH - 1)] = roundTrip;
    setState(index, RETURNED);
  }

  private Block block(int index) {
    return blocks.get(index >> SHIFT);
  }
}
