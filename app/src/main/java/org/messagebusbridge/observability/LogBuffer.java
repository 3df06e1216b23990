package org.messagebusbridge.observability;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Log entries that wait to be sent, bounded in bytes. When it is full the oldest DEBUG entry makes
 * room, then the oldest INFO entry, then the oldest of all; none goes for one that matters less.
 * Writers never wait. Any number of writers, one reader.
 */
final class LogBuffer {

  /**
   * What one batch may hold (CloudWatch Logs API reference, PutLogEvents).
   *
   * @param bytes of all texts, with {@code overhead} for each
   * @param overhead bytes that count for each entry
   * @param entries how many
   * @param span between the first and the last
   */
  record Limits(int bytes, int overhead, int entries, Duration span) {
    static final Limits CLOUDWATCH = new Limits(1_048_576, 26, 10_000, Duration.ofHours(24));

    /** What is written to a stream at once. */
    static final Limits CONSOLE = new Limits(32 * 1024, 1, 1_000, Duration.ofDays(10_000));
  }

  private record Numbered(long number, LogEntry entry) {}

  private final long capacity;
  private final Limits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition emptied = lock.newCondition();

  /** By {@linkplain LogEntry#rank rank}. */
  private final List<ArrayDeque<Numbered>> waiting =
      List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());

  private long next;
  private long weight;
  private long sendBytes;
  private long dropped;
  private boolean hurry;
  private boolean ended;
  private List<LogEntry> taken = List.of();

  /**
   * @param capacity bytes in all, what was taken and not released included
   */
  LogBuffer(long capacity, Limits limits) {
    this.capacity = capacity;
    this.limits = limits;
  }

  /**
   * Adds one; others may have to go for it, or it for others.
   *
   * @return whether it was taken in: not after {@link #takeAll}
   */
  boolean add(LogEntry entry) {
    lock.lock();
    try {
      if (ended) {
        return false;
      }
      while (weight + entry.weight() > capacity && waiting() > 0) {
        dropped++;
        if (!dropOldest(entry.rank())) {
          return true;
        }
      }
      waiting.get(entry.rank()).addLast(new Numbered(next++, entry));
      count(entry, 1);
      if (waiting() == 1 || isFull()) {
        changed.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for entries, and then a while for more, unless there is a batch full already or {@link
   * #hurry} was called. The batch counts against the capacity until it is {@linkplain #release
   * released}.
   *
   * @param linger how long to wait for more
   * @return the oldest entries that make one batch, in the order of their times; empty when there
   *     are none and it is hurried
   */
  List<LogEntry> take(Duration linger) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting() == 0 && !hurry) {
        changed.await();
      }
      long left = linger.toNanos();
      while (!isFull() && !hurry && left > 0) {
        left = changed.awaitNanos(left);
      }
      taken = batch();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** What was taken last is done with. */
  void release() {
    lock.lock();
    try {
      weight -= taken.stream().mapToLong(LogEntry::weight).sum();
      taken = List.of();
      if (weight == 0) {
        emptied.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all was taken and released, at most so long; says whether it was. */
  boolean awaitEmpty(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (weight > 0 && left > 0) {
        left = emptied.awaitNanos(left);
      }
      return weight == 0;
    } finally {
      lock.unlock();
    }
  }

  /** From now on {@link #take} does not wait. */
  void hurry() {
    lock.lock();
    try {
      hurry = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until {@link #hurry} is called, at most so long; says whether it was. */
  boolean awaitHurry(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (!hurry && left > 0) {
        left = changed.awaitNanos(left);
      }
      return hurry;
    } finally {
      lock.unlock();
    }
  }

  /** Whether any was dropped since {@link #takeDropped} was last asked. */
  boolean hasDropped() {
    lock.lock();
    try {
      return dropped > 0;
    } finally {
      lock.unlock();
    }
  }

  /** How many were dropped since this was last asked. */
  long takeDropped() {
    lock.lock();
    try {
      long count = dropped;
      dropped = 0;
      return count;
    } finally {
      lock.unlock();
    }
  }

  /**
   * All that is left, what was taken and not released included, oldest first. Nothing is added any
   * more.
   */
  List<LogEntry> takeAll() {
    lock.lock();
    try {
      ended = true;
      List<LogEntry> all = new ArrayList<>(taken);
      for (Numbered oldest = pollOldest(); oldest != null; oldest = pollOldest()) {
        all.add(oldest.entry);
      }
      taken = List.of();
      weight = 0;
      sendBytes = 0;
      return all;
    } finally {
      lock.unlock();
    }
  }

  private int waiting() {
    return waiting.stream().mapToInt(ArrayDeque::size).sum();
  }

  private boolean isFull() {
    return sendBytes >= limits.bytes || waiting() >= limits.entries;
  }

  private void count(LogEntry entry, int sign) {
    weight += (long) sign * entry.weight();
    sendBytes += (long) sign * (entry.bytes() + limits.overhead);
  }

  /** Drops the oldest of those that matter least, unless they matter more than that rank. */
  private boolean dropOldest(int most) {
    for (ArrayDeque<Numbered> ranked : waiting.subList(0, most + 1)) {
      Numbered gone = ranked.pollFirst();
      if (gone != null) {
        count(gone.entry, -1);
        return true;
      }
    }
    return false;
  }

  private List<LogEntry> batch() {
    List<LogEntry> batch = new ArrayList<>();
    long bytes = 0;
    long earliest = Long.MAX_VALUE;
    long latest = Long.MIN_VALUE;
    for (Numbered oldest = peekOldest(); oldest != null; oldest = peekOldest()) {
      LogEntry entry = oldest.entry;
      bytes += entry.bytes() + limits.overhead;
      earliest = Math.min(earliest, entry.millis());
      latest = Math.max(latest, entry.millis());
      boolean tooMuch = bytes > limits.bytes || latest - earliest > limits.span.toMillis();
      if (!batch.isEmpty() && (tooMuch || batch.size() == limits.entries)) {
        break;
      }
      pollOldest();
      sendBytes -= entry.bytes() + limits.overhead;
      batch.add(entry);
    }
    batch.sort(Comparator.comparingLong(LogEntry::millis));
    return batch;
  }

  private @Nullable Numbered peekOldest() {
    ArrayDeque<Numbered> of = oldest();
    return of == null ? null : of.peekFirst();
  }

  private @Nullable Numbered pollOldest() {
    ArrayDeque<Numbered> of = oldest();
    return of == null ? null : of.pollFirst();
  }

  /** Where the oldest of all is; null when there is none. */
  private @Nullable ArrayDeque<Numbered> oldest() {
    @Nullable ArrayDeque<Numbered> found = null;
    long number = Long.MAX_VALUE;
    for (ArrayDeque<Numbered> ranked : waiting) {
      Numbered first = ranked.peekFirst();
      if (first != null && first.number < number) {
        found = ranked;
        number = first.number;
      }
    }
    return found;
  }
}
