package org.messagebusbridge.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Source;

/**
 * A source that a test scripts; it checks that every delivery is settled once at most, and keeps
 * what became of each.
 */
final class FakeSource implements Source {
  private final boolean canRequeue;
  private final Optional<BusException> refusal;
  private final TreeMap<Integer, String> open = new TreeMap<>();
  private final List<Integer> accepted = new ArrayList<>();
  private final List<Integer> requeued = new ArrayList<>();
  private final List<Integer> rejected = new ArrayList<>();
  private final List<Rejection> rejections = new ArrayList<>();
  final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private @Nullable Handler handler;
  private volatile boolean revoked;
  private final Set<Integer> lost = ConcurrentHashMap.newKeySet();

  /** What is of an earlier one was given back. */
  private volatile int generation;

  FakeSource(boolean canRequeue) {
    this(canRequeue, Optional.empty());
  }

  /**
   * @param refusal why it cannot be started; empty: it can
   */
  FakeSource(boolean canRequeue, Optional<BusException> refusal) {
    this.canRequeue = canRequeue;
    this.refusal = refusal;
  }

  @Override
  public void start(Handler handler) throws BusException {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    this.handler = handler;
    calls.add("start");
  }

  @Override
  public void startWithOne(Handler handler) {
    this.handler = handler;
    calls.add("start with one");
  }

  @Override
  public Window window() {
    return new Window(500, 8L << 20);
  }

  @Override
  public void stop() {
    calls.add("stop");
  }

  @Override
  public boolean canGiveBack() {
    return canRequeue;
  }

  @Override
  public synchronized int giveBack() {
    if (!canRequeue) {
      throw new UnsupportedOperationException("it takes nothing back");
    }
    List<Integer> ids = List.copyOf(open.keySet());
    ids.forEach(id -> settle(id, requeued));
    generation++;
    return ids.size();
  }

  /**
   * Hands out messages {@code from} to {@code to}, whose bodies are their numbers in as many bytes.
   */
  void deliver(int from, int to) {
    for (int i = from; i <= to; i++) {
      deliver(delivery(i, 4));
    }
  }

  /** Gives up one by itself. */
  void giveUp() {
    Handler to = handler;
    if (to == null) {
      throw new AssertionError("given up before start");
    }
    to.gaveUp();
  }

  void deliver(Delivery delivery) {
    Handler to = handler;
    if (to == null) {
      throw new AssertionError("delivered before start");
    }
    to.deliver(delivery);
  }

  Delivery delivery(int id, int size) {
    synchronized (this) {
      open.put(id, "open");
      return new FakeDelivery(id, size, generation);
    }
  }

  /** The connection is gone, and the source's own side will hand out again what is not settled. */
  void revokeAll() {
    revoked = true;
  }

  /** These will be handed out elsewhere; the connection stands. */
  void revoke(Integer... ids) {
    synchronized (this) {
      lost.addAll(List.of(ids));
      open.keySet().removeAll(lost);
    }
    Handler to = handler;
    if (to != null) {
      to.revoked();
    }
  }

  synchronized List<Integer> accepted() {
    return List.copyOf(accepted);
  }

  synchronized List<Integer> requeued() {
    return List.copyOf(requeued);
  }

  synchronized List<Integer> rejected() {
    return List.copyOf(rejected);
  }

  synchronized List<Rejection> rejections() {
    return List.copyOf(rejections);
  }

  synchronized List<Integer> unsettled() {
    return List.copyOf(open.keySet());
  }

  private synchronized void settle(int id, List<Integer> as) {
    if (open.remove(id) == null) {
      throw new AssertionError("settled twice: " + id);
    }
    as.add(id);
  }

  private final class FakeDelivery implements Delivery {
    private final int id;
    private final int of;
    private final Message message;

    FakeDelivery(int id, int size, int of) {
      this.id = id;
      this.of = of;
      byte[] body = new byte[size];
      for (int i = 0; i < Math.min(4, size); i++) {
        body[i] = (byte) (id >>> (8 * i));
      }
      this.message = Message.of(body, Message.Form.BINARY);
    }

    @Override
    public Message message() {
      return message;
    }

    @Override
    public Source source() {
      return FakeSource.this;
    }

    @Override
    public boolean redelivered() {
      return false;
    }

    @Override
    public boolean revoked() {
      return revoked || of < generation || lost.contains(id);
    }

    @Override
    public void acceptThrough() {
      if (revoked()) {
        return;
      }
      synchronized (FakeSource.this) {
        for (Integer each : List.copyOf(open.headMap(id, true).keySet())) {
          settle(each, accepted);
        }
      }
    }

    @Override
    public void reject(Rejection rejection) {
      synchronized (FakeSource.this) {
        settle(id, rejected);
        rejections.add(rejection);
      }
    }
  }
}
