package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Holds the bytes of a {@link Pump} until they are due; a thread of its own runs while it holds
 * any.
 */
final class DelayLine {
  private static final int MAX_BYTES = 8 * 1024 * 1024;

  private final Pump pump;
  private final Monitor monitor = new Monitor();
  private final Queue<Item> items = new ArrayDeque<>();
  private int held;
  private boolean broken;

  /** What is due at a time of {@link System#nanoTime}: bytes, or the end when there are none. */
  private record Item(long due, Optional<ByteBuffer> bytes) {
    int size() {
      return bytes.map(ByteBuffer::remaining).orElse(0);
    }
  }

  DelayLine(Pump pump) {
    this.pump = pump;
  }

  /** Takes a copy of these bytes, unless they may go at once. Waits while it is full. */
  boolean takes(ByteBuffer bytes, Duration delay) throws InterruptedException {
    if (mayPass(delay)) {
      return false;
    }
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    monitor.await(() -> held < MAX_BYTES);
    add(new Item(System.nanoTime() + delay.toNanos(), Optional.of(copy)));
    return true;
  }

  /** Takes the end of the stream, unless it may pass at once. */
  boolean takesEnd(Duration delay) {
    if (mayPass(delay)) {
      return false;
    }
    add(new Item(System.nanoTime() + delay.toNanos(), Optional.empty()));
    return true;
  }

  /** Nothing may overtake what is held: an item stays in the line until it has been written. */
  private boolean mayPass(Duration delay) {
    return delay.isZero() && monitor.read(items::isEmpty);
  }

  private void add(Item item) {
    boolean[] first = new boolean[1];
    monitor.change(
        () -> {
          if (!broken) {
            first[0] = items.isEmpty();
            items.add(item);
            held += item.size();
          }
        });
    if (first[0]) {
      Thread.ofVirtual().name("fault-proxy-delay").start(() -> run(item));
    }
  }

  private void run(Item first) {
    try {
      Optional<Item> next = Optional.of(first);
      while (next.isPresent()) {
        TimeUnit.NANOSECONDS.sleep(next.get().due() - System.nanoTime());
        next = forward(next.get());
      }
    } catch (IOException | InterruptedException e) {
      monitor.change(this::breakOff);
      pump.lost();
    }
  }

  private Optional<Item> forward(Item item) throws IOException, InterruptedException {
    int size = item.size();
    if (item.bytes().isPresent()) {
      pump.forward(item.bytes().get());
    } else {
      pump.end();
    }
    AtomicReference<Optional<Item>> next = new AtomicReference<>(Optional.empty());
    monitor.change(
        () -> {
          items.remove();
          held -= size;
          next.set(Optional.ofNullable(items.peek()));
        });
    return next.get();
  }

  private void breakOff() {
    broken = true;
    items.clear();
    held = 0;
  }
}
