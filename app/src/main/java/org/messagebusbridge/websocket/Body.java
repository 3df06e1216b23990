package org.messagebusbridge.websocket;

import java.util.ArrayList;
import java.util.List;
import org.messagebusbridge.bus.Utf8;

/**
 * A message's body that comes in pieces, up to a bound. It takes memory as the pieces come, some
 * more than they have at most, and as much again when the whole is taken. For one thread.
 */
final class Body {
  private static final int SMALLEST_BLOCK = 4 * 1024;
  private static final int LARGEST_BLOCK = 1024 * 1024;
  private static final byte[] NONE = new byte[0];

  private final int maxBytes;
  private final List<byte[]> fullBlocks = new ArrayList<>();
  private byte[] block = NONE;
  private int inBlock;
  private int size;

  /** The body would be larger than it may be. */
  static final class FullException extends Exception {
    private static final long serialVersionUID = 1L;

    private FullException() {
      super("larger than it may be");
    }
  }

  Body(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Appends the first {@code count} bytes of {@code piece}. */
  void append(byte[] piece, int count) throws FullException {
    if (count > maxBytes - size) {
      throw new FullException();
    }
    int from = 0;
    while (from < count) {
      if (inBlock == block.length) {
        nextBlock();
      }
      int step = Math.min(count - from, block.length - inBlock);
      System.arraycopy(piece, from, block, inBlock, step);
      inBlock += step;
      from += step;
      size += step;
    }
  }

  /** As large as all before together, so that there are few however large the body becomes. */
  private void nextBlock() {
    if (inBlock > 0) {
      fullBlocks.add(block);
    }
    block = new byte[Math.clamp(size, SMALLEST_BLOCK, LARGEST_BLOCK)];
    inBlock = 0;
  }

  /** Whether {@code text}, going on from byte {@code from} of this body, is UTF-8. */
  boolean continues(Utf8 text, int from) {
    int start = size - inBlock;
    int blocks = fullBlocks.size();
    while (start > from) {
      start -= fullBlocks.get(--blocks).length;
    }
    boolean valid = true;
    for (int skip = from - start; valid && blocks < fullBlocks.size(); blocks++, skip = 0) {
      byte[] full = fullBlocks.get(blocks);
      valid = text.feed(full, skip, full.length);
    }
    return valid && text.feed(block, Math.max(0, from - (size - inBlock)), inBlock);
  }

  /** How much there is so far. */
  int size() {
    return size;
  }

  /** The whole of it; begins a new one. */
  byte[] take() {
    byte[] whole = new byte[size];
    int to = 0;
    for (byte[] full : fullBlocks) {
      System.arraycopy(full, 0, whole, to, full.length);
      to += full.length;
    }
    System.arraycopy(block, 0, whole, to, inBlock);
    fullBlocks.clear();
    block = NONE;
    inBlock = 0;
    size = 0;
    return whole;
  }
}
