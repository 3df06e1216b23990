package org.messagebusbridge.relay;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Sink;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.bus.Turn;

/** A bus that a test scripts: it fails as often as told, then connects. */
final class FakeBus implements Bus {
  private final String name;
  private final boolean canRequeue;
  private final List<String> story;
  private final Queue<BusException> failures = new ArrayDeque<>();
  private final Queue<Error> errors = new ArrayDeque<>();
  private volatile boolean hanging;
  private volatile boolean taken;
  private volatile Optional<BusException> refusal = Optional.empty();
  private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();

  private final CountDownLatch connected = new CountDownLatch(1);
  private CountDownLatch before = new CountDownLatch(0);

  FakeBus(String name, boolean canRequeue, List<String> story) {
    this.name = name;
    this.canRequeue = canRequeue;
    this.story = story;
  }

  FakeBus failing(BusException failure) {
    failures.add(failure);
    return this;
  }

  FakeBus failing(Error error) {
    errors.add(error);
    return this;
  }

  /** From now on a source cannot be started. */
  FakeBus refusingToStart(BusException cause) {
    refusal = Optional.of(cause);
    return this;
  }

  /** From now on a connection is not this instance's turn until it is granted. */
  FakeBus taken() {
    taken = true;
    return this;
  }

  /** Nobody tries to connect to it before the other was connected. */
  FakeBus after(FakeBus other) {
    before = other.connected;
    return this;
  }

  /** From now on, or no longer, it does not answer. */
  void hang(boolean on) {
    hanging = on;
  }

  /** The next connection that was made. */
  Connection next() throws InterruptedException {
    Connection next = connections.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no connection of " + name + " in a minute");
    }
    return next;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public BusConnection connect(ConnectionListener listener)
      throws BusException, InterruptedException {
    before.await();
    if (hanging) {
      story.add(name + " hangs");
      new CountDownLatch(1).await();
    }
    Error error = errors.poll();
    if (error != null) {
      story.add(name + " breaks");
      throw error;
    }
    BusException failure = failures.poll();
    if (failure != null) {
      story.add(name + " fails");
      throw failure;
    }
    story.add(name + " connects");
    Connection connection = new Connection(listener);
    connections.add(connection);
    connected.countDown();
    return connection;
  }

  /** A turn that a test grants. */
  static final class FakeTurn implements Turn {
    private final CompletableFuture<Boolean> granted = new CompletableFuture<>();

    FakeTurn(boolean atOnce) {
      if (atOnce) {
        grant();
      }
    }

    void grant() {
      granted.complete(true);
    }

    @Override
    public void await(Runnable whenOurs) {
      var _ = granted.thenRun(whenOurs);
    }

    @Override
    public boolean isOurs() {
      return granted.isDone();
    }
  }

  final class Connection implements BusConnection {
    final FakeSource source = new FakeSource(canRequeue, refusal);
    final FakeSink sink = new FakeSink();
    final FakeTurn turn = new FakeTurn(!taken);
    private final ConnectionListener listener;

    Connection(ConnectionListener listener) {
      this.listener = listener;
    }

    void lose(BusException cause) {
      source.revokeAll();
      listener.lost(cause);
    }

    @Override
    public Turn turn() {
      return turn;
    }

    @Override
    public Source source() {
      return source;
    }

    @Override
    public Sink sink() {
      return sink;
    }

    @Override
    public void close() {
      story.add(name + " closes");
    }
  }
}
