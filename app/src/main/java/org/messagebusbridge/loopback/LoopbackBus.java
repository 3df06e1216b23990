package org.messagebusbridge.loopback;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.Delivery;
import org.messagebusbridge.bus.Message;
import org.messagebusbridge.bus.Rejection;
import org.messagebusbridge.bus.Sink;
import org.messagebusbridge.bus.Source;

/**
 * A bus whose sink feeds its own source. A message is confirmed only when the delivery of its echo
 * was accepted, so the duty to settle goes all the way round.
 */
public final class LoopbackBus implements Bus {

  @Override
  public String name() {
    return "loopback";
  }

  /** Always succeeds; the connection is never lost. */
  @Override
  public BusConnection connect(ConnectionListener listener) {
    return new Loop();
  }

  /** Both ends, and what lies between them until the source is started. */
  private static final class Loop implements BusConnection, Sink, Source {
    private static final Window UNBOUNDED = new Window(Integer.MAX_VALUE, Long.MAX_VALUE);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition handedOver = lock.newCondition();
    private final ArrayDeque<Echo> between = new ArrayDeque<>();
    private @Nullable Confirmations confirmations;
    private @Nullable Handler handler;
    private boolean handingOver;
    private long sent;

    @Override
    public Source source() {
      return this;
    }

    @Override
    public Sink sink() {
      return this;
    }

    @Override
    public void close() {
      stop();
    }

    @Override
    public void start(Confirmations confirmations) {
      this.confirmations = confirmations;
    }

    @Override
    public long send(Message message) {
      lock.lock();
      try {
        between.addLast(new Echo(this, message, ++sent));
        return sent;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void flush() {
      handOver();
    }

    @Override
    public void probe() {
      confirmations().alive();
    }

    @Override
    public Window window() {
      return UNBOUNDED;
    }

    @Override
    public long maxMessageBytes() {
      return Long.MAX_VALUE;
    }

    @Override
    public void start(Handler handler) {
      lock.lock();
      try {
        this.handler = handler;
      } finally {
        lock.unlock();
      }
      handOver();
    }

    @Override
    public void stop() {
      lock.lock();
      try {
        handler = null;
        while (handingOver) {
          handedOver.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean canGiveBack() {
      return false;
    }

    @Override
    public int giveBack() {
      throw new UnsupportedOperationException("a loopback has no queue to give a message back to");
    }

    /**
     * Passes on what lies between the ends; one thread does so at a time, which keeps the order.
     */
    private void handOver() {
      for (Optional<Handed> next = next(); next.isPresent(); next = next()) {
        next.get().handler.deliver(next.get().echo);
        lock.lock();
        try {
          handingOver = false;
          handedOver.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }

    private record Handed(Handler handler, Echo echo) {}

    private Optional<Handed> next() {
      lock.lock();
      try {
        Handler to = handler;
        if (to == null || handingOver || between.isEmpty()) {
          return Optional.empty();
        }
        handingOver = true;
        return Optional.of(new Handed(to, between.removeFirst()));
      } finally {
        lock.unlock();
      }
    }

    private Confirmations confirmations() {
      Confirmations current = confirmations;
      if (current == null) {
        throw new IllegalStateException("the sink was not started");
      }
      return current;
    }
  }

  private record Echo(Loop loop, Message message, long number) implements Delivery {

    @Override
    public Source source() {
      return loop;
    }

    @Override
    public void acceptThrough() {
      loop.confirmations().confirmed(number, true);
    }

    @Override
    public void reject(Rejection rejection) {
      loop.confirmations().rejected(number, rejection);
    }
  }
}
