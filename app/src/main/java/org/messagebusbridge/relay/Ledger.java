package org.messagebusbridge.relay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Source;

/**
 * The deliveries of one direction that are not settled yet, in the source's order, and what is
 * known of each: waiting to be sent, on the wire under a number of the sink, or confirmed. Every
 * delivery is settled exactly once, and none is accepted before its confirmation and that of every
 * delivery before it. A confirmation may be kept for a while before its delivery is accepted. Used
 * by one thread.
 */
final class Ledger {

  /** One delivery and how far it has come. */
  static final class Entry {
    private final Delivery delivery;
    private final long position;
    private final long since;
    private State state = State.WAITING;
    private long number;
    private int attempts;
    private long sentAt;
    private long confirmedAt;

    /**
     * Whether this is what the sink still owes an answer to under {@code slot}: it may since have
     * been sent again.
     */
    private boolean awaits(long slot) {
      return state == State.ON_THE_WIRE && number == slot;
    }

    private Entry(Delivery delivery, long position, long since) {
      this.delivery = delivery;
      this.position = position;
      this.since = since;
    }

    Delivery delivery() {
      return delivery;
    }

    /** Its place in the order of all deliveries of this direction. */
    long position() {
      return position;
    }

    /** When it was handed out, in nanoseconds of {@link Timing#nanoTime}. */
    long since() {
      return since;
    }

    /** How often it was sent. */
    int attempts() {
      return attempts;
    }

    /** When it was sent last, in nanoseconds of {@link Timing#nanoTime}. */
    long sentAt() {
      return sentAt;
    }

    /** When its confirmation came, likewise. */
    long confirmedAt() {
      return confirmedAt;
    }
  }

  /** Hears how a confirmed delivery fared. */
  @FunctionalInterface
  interface SettleListener {
    /** This one was accepted. */
    void accepted(Entry entry);
  }

  /**
   * What a lost connection leaves to be sent again.
   *
   * @param entries oldest first
   * @param confirmed how many of them, the first ones, had a confirmation that was being kept
   */
  record Lost(List<Entry> entries, int confirmed) {}

  private enum State {
    WAITING,
    ON_THE_WIRE,
    CONFIRMED,
    /** Settled out of turn, or nothing left to settle. */
    GONE
  }

  private final ArrayDeque<Entry> unsettled = new ArrayDeque<>();
  private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
  private final ArrayDeque<Entry> wire = new ArrayDeque<>();
  private long nextPosition;
  private long firstOnWire = 1;
  private int gone;
  private int kept;
  private long keptBytes;
  private long lastSentAt;

  /**
   * Takes on the duty to settle a delivery.
   *
   * @param since when it was handed out, in nanoseconds of {@link Timing#nanoTime}
   */
  void add(Delivery delivery, long since) {
    Entry entry = new Entry(delivery, nextPosition++, since);
    unsettled.addLast(entry);
    waiting.addLast(entry);
  }

  /** The next one to send, if any: the oldest that is neither on the wire nor confirmed. */
  @Nullable Entry nextToSend() {
    return waiting.peekFirst();
  }

  /**
   * The one that {@link #nextToSend} gave was sent, under {@code number}: one more than the one
   * before.
   *
   * @param now in nanoseconds of {@link Timing#nanoTime}
   */
  void sent(Entry entry, long number, long now) {
    if (waiting.peekFirst() != entry) {
      throw new IllegalStateException("not the next to send");
    }
    if (number != firstOnWire + wire.size()) {
      throw new IllegalStateException(
          "sent as " + number + ", not as " + (firstOnWire + wire.size()));
    }
    waiting.removeFirst();
    wire.addLast(entry);
    entry.state = State.ON_THE_WIRE;
    entry.number = number;
    entry.sentAt = now;
    entry.attempts++;
  }

  /**
   * The sink has message {@code number}; with {@code multiple}, and all before it. What is not on
   * the wire under that number is passed over.
   *
   * @param now in nanoseconds of {@link Timing#nanoTime}
   * @return when the last of them was sent, likewise; {@code now} when none was on the wire
   */
  long confirmed(long number, boolean multiple, long now) {
    lastSentAt = now;
    forEach(
        number,
        multiple,
        entry -> {
          entry.state = State.CONFIRMED;
          entry.confirmedAt = now;
          kept++;
          keptBytes += entry.delivery.message().size();
          lastSentAt = entry.sentAt;
        });
    return lastSentAt;
  }

  /**
   * The sink did not take message {@code number} this time: it waits to be sent again, before those
   * that came after it.
   */
  void refused(long number, boolean multiple) {
    List<Entry> again = new ArrayList<>();
    forEach(number, multiple, again::add);
    for (Entry entry : again) {
      entry.state = State.WAITING;
    }
    putBack(again);
  }

  /** The sink will never take message {@code number}: it is settled as rejected. */
  void rejected(long number, Rejection rejection) {
    forEach(number, false, entry -> reject(entry, rejection));
  }

  /** One that waits to be sent is given up: it is settled as rejected. */
  void reject(Entry entry, Rejection rejection) {
    waiting.remove(entry);
    gone(entry);
    entry.delivery.reject(rejection);
  }

  private void gone(Entry entry) {
    noLongerKept(entry);
    entry.state = State.GONE;
    gone++;
  }

  private void noLongerKept(Entry entry) {
    if (entry.state == State.CONFIRMED) {
      kept--;
      keptBytes -= entry.delivery.message().size();
    }
  }

  /**
   * Accepts what is confirmed together with all before it, as far as it is due.
   *
   * @param due whether the confirmation of this one, the oldest of all, need not be kept any longer
   */
  void settle(Predicate<Entry> due, SettleListener listener) {
    Delivery last = null;
    for (Entry head = unsettled.peekFirst(); head != null; head = unsettled.peekFirst()) {
      if (head.state == State.CONFIRMED) {
        if (!due.test(head)) {
          break;
        }
        noLongerKept(head);
        if (last != null && !last.source().equals(head.delivery.source())) {
          last.acceptThrough();
        }
        last = head.delivery;
        listener.accepted(head);
      } else if (head.state == State.GONE) {
        gone--;
      } else {
        break;
      }
      unsettled.removeFirst();
    }
    if (last != null) {
      last.acceptThrough();
    }
  }

  /**
   * The sink's connection is gone: all that was on the wire without a confirmation waits again, in
   * its order.
   *
   * @param distrusted whether confirmations that are kept still count for nothing
   * @return what was so lost
   */
  Lost sinkLost(boolean distrusted) {
    List<Entry> again = new ArrayList<>();
    if (distrusted) {
      for (Entry entry : unsettled) {
        if (entry.state == State.CONFIRMED) {
          noLongerKept(entry);
          entry.state = State.WAITING;
          again.add(entry);
        }
      }
    }
    int confirmed = again.size();
    for (Entry entry : wire) {
      if (entry.state == State.ON_THE_WIRE) {
        entry.state = State.WAITING;
        again.add(entry);
      }
    }
    wire.clear();
    firstOnWire = 1;
    putBack(again);
    return new Lost(again, confirmed);
  }

  /**
   * A source's connection is gone, or the source has lost part of what it handed out: what will be
   * handed out again is forgotten here; the rest stays. A message of which a copy is on the wire
   * may so arrive twice, never not at all.
   */
  void forgetRevoked() {
    for (Entry entry : unsettled) {
      if (entry.state != State.GONE && entry.delivery.revoked()) {
        gone(entry);
      }
    }
    waiting.removeIf(entry -> entry.state == State.GONE);
    dropGone();
  }

  /**
   * Has a source take back all of its own that is not settled. To be called without a sink.
   *
   * @return how many messages it has taken back, those included that it had handed out and that are
   *     not here yet
   */
  int giveBack(Source source) {
    int givenBack = source.giveBack();
    forgetRevoked();
    return givenBack;
  }

  /** How many are not settled. */
  int size() {
    return unsettled.size() - gone;
  }

  /** The oldest that is not settled, if any. */
  @Nullable Entry oldest() {
    return unsettled.peekFirst();
  }

  /** The oldest, if its confirmation is being kept. */
  @Nullable Entry oldestKept() {
    Entry head = unsettled.peekFirst();
    return head != null && head.state == State.CONFIRMED ? head : null;
  }

  /** How many confirmations are being kept. */
  int kept() {
    return kept;
  }

  /** How many bytes the bodies of those messages have. */
  long keptBytes() {
    return keptBytes;
  }

  /** How many on the wire wait for their confirmation, or stand between such. */
  int onTheWire() {
    return wire.size();
  }

  /** How many were sent and are neither settled nor waiting to be sent again. */
  int outstanding() {
    return size() - waiting.size();
  }

  private interface Action {
    void on(Entry entry);
  }

  /**
   * Takes off the wire what {@code number} stands for, and acts on what was still waiting for its
   * confirmation.
   */
  private void forEach(long number, boolean multiple, Action action) {
    if (multiple) {
      while (!wire.isEmpty() && firstOnWire <= number) {
        Entry entry = wire.removeFirst();
        if (entry.awaits(firstOnWire++)) {
          action.on(entry);
        }
      }
      return;
    }
    long index = number - firstOnWire;
    if (index < 0 || index >= wire.size()) {
      return;
    }
    Iterator<Entry> entries = wire.iterator();
    Entry entry = entries.next();
    for (long i = 0; i < index; i++) {
      entry = entries.next();
    }
    if (entry.awaits(number)) {
      action.on(entry);
    }
    dropAnswered();
  }

  /** Lets go of the head of the wire as far as each has had its answer. */
  private void dropAnswered() {
    for (Entry head = wire.peekFirst();
        head != null && !head.awaits(firstOnWire);
        head = wire.peekFirst()) {
      wire.removeFirst();
      firstOnWire++;
    }
  }

  private void dropGone() {
    for (Entry head = unsettled.peekFirst();
        head != null && head.state == State.GONE;
        head = unsettled.peekFirst()) {
      unsettled.removeFirst();
      gone--;
    }
  }

  /** Puts entries back among the waiting ones, each in its place, and sorts {@code again} so. */
  private void putBack(List<Entry> again) {
    if (again.isEmpty()) {
      return;
    }
    // What was refused and sent again stands on the wire behind later ones.
    again.sort(Comparator.comparingLong(Entry::position));
    List<Entry> merged = new ArrayList<>(again.size() + waiting.size());
    Iterator<Entry> rest = waiting.iterator();
    Entry next = rest.hasNext() ? rest.next() : null;
    for (Entry entry : again) {
      while (next != null && next.position < entry.position) {
        merged.add(next);
        next = rest.hasNext() ? rest.next() : null;
      }
      merged.add(entry);
    }
    while (next != null) {
      merged.add(next);
      next = rest.hasNext() ? rest.next() : null;
    }
    waiting.clear();
    waiting.addAll(merged);
  }
}
