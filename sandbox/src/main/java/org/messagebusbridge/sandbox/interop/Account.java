package org.messagebusbridge.sandbox.interop;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * What was sent and what came back, by the bytes of each body and its kind. Safe for use by several
 * threads.
 */
final class Account {

  private final Map<String, Deque<Integer>> awaited = new HashMap<>();
  private int next;
  private int highest;
  private Sum sum = Sum.NONE;

  /**
   * What it comes to since it was last asked.
   *
   * @param came how many different ones came back
   * @param twice how many came back that had come before
   * @param outOfOrder how many came, for the first time, behind a later one
   * @param changed how many bodies came that nobody sent, or in frames of the other kind
   */
  record Sum(int sent, int came, int twice, int outOfOrder, int changed) {
    static final Sum NONE = new Sum(0, 0, 0, 0, 0);

    int lost() {
      return sent - came;
    }
  }

  /** A message is about to be sent. */
  synchronized void sent(byte[] body, boolean binary) {
    awaited.computeIfAbsent(key(body, binary), some -> new ArrayDeque<>()).add(next++);
    sum = new Sum(sum.sent + 1, sum.came, sum.twice, sum.outOfOrder, sum.changed);
  }

  /** A message came back. */
  synchronized void came(byte[] body, boolean binary) {
    Deque<Integer> same = awaited.get(key(body, binary));
    if (same == null) {
      sum = new Sum(sum.sent, sum.came, sum.twice, sum.outOfOrder, sum.changed + 1);
    } else if (same.isEmpty()) {
      sum = new Sum(sum.sent, sum.came, sum.twice + 1, sum.outOfOrder, sum.changed);
    } else {
      int number = same.remove();
      int late = number < highest ? 1 : 0;
      highest = Math.max(highest, number);
      sum = new Sum(sum.sent, sum.came + 1, sum.twice, sum.outOfOrder + late, sum.changed);
    }
  }

  /** What it comes to by now. */
  synchronized Sum sum() {
    return sum;
  }

  /** Begins to count anew; what was sent before is still known. */
  synchronized Sum take() {
    Sum taken = sum;
    sum = Sum.NONE;
    awaited.values().forEach(Deque::clear);
    return taken;
  }

  private static String key(byte[] body, boolean binary) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      return HexFormat.of().formatHex(digest) + (binary ? "b" : "t");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
