package org.messagebusbridge.relay;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.bus.BusConnection;
import org.messagebusbridge.bus.BusException;
import org.messagebusbridge.bus.Sink;
import org.messagebusbridge.bus.Source;
import org.messagebusbridge.bus.Turn;
import org.messagebusbridge.relay.BridgeState.Draining;
import org.messagebusbridge.relay.BridgeState.Paused;
import org.messagebusbridge.relay.BridgeState.Relaying;
import org.messagebusbridge.relay.BridgeState.Running;
import org.messagebusbridge.relay.BridgeState.Side;
import org.messagebusbridge.relay.BridgeState.Standby;
import org.messagebusbridge.relay.BridgeState.StopCause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two relays between a near and a far bus, and the supervisor that connects both sides at the same
 * time, relays while both are connected, connects again what is lost, and drains when it is told to
 * stop.
 *
 * <p>Where only one of several bridges may work, the far side is connected only while it is this
 * one's {@linkplain org.messagebusbridge.bus.Turn turn}, which comes and goes with the connection
 * of the near side: when that is lost the far one is closed before anything else.
 */
public final class Bridge {
  private static final Logger log = LoggerFactory.getLogger(Bridge.class);

  /** How long the near side may take to be told what became of the last messages. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Duration drain;
  private final Relay toFar;
  private final Relay toNear;
  private final boolean takesTurns;
  private final LinkKeeper nearKeeper;
  private final LinkKeeper farKeeper;
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final RefusalGate refusals = new RefusalGate();
  private volatile BridgeState state = BridgeState.Connecting.INITIAL;

  private sealed interface Event {
    record Up(Side side) implements Event {}

    record Down(Side side, BusException cause) implements Event {}

    record StandBy() implements Event {}

    record TakeOver() implements Event {}

    record Stop(StopCause cause) implements Event {}
  }

  /**
   * One side.
   *
   * @param bus where it connects to
   * @param retries by which rule it does so again
   * @param renewal of its credentials, when they are refused
   * @param inTurn whether it is connected only while it is this bridge's turn
   */
  public record Link(Bus bus, RetryPolicy retries, Renewal renewal, boolean inTurn) {

    /** A side that is connected whenever it can be, with credentials that are what they are. */
    public Link(Bus bus, RetryPolicy retries) {
      this(bus, retries, Renewal.NONE, false);
    }
  }

  /**
   * @param near the side that says whose turn it is, where instances take turns
   * @param far the other side; the one that may have to wait for its turn
   * @param outbound settings of the relay from near to far
   * @param inbound settings of the relay from far to near
   * @param drain how long in-flight deliveries may take to settle at the end
   */
  public Bridge(
      Link near,
      Link far,
      Relay.Settings outbound,
      Relay.Settings inbound,
      Duration drain,
      Timing timing) {
    this.drain = drain;
    this.takesTurns = far.inTurn();
    this.nearKeeper = keeper(Side.NEAR, near, timing);
    this.farKeeper = keeper(Side.FAR, far, timing);
    this.toFar = new Relay(outbound, timing, new Progress(nearKeeper, farKeeper, false));
    this.toNear = new Relay(inbound, timing, new Progress(farKeeper, nearKeeper, true));
  }

  /**
   * Runs until {@link #stop}, or until a side cannot be connected to; returns when all is drained
   * and closed.
   *
   * @return why it stopped
   * @throws InterruptedException when the calling thread is interrupted; what is in flight is then
   *     left unsettled
   */
  public StopCause run() throws InterruptedException {
    toFar.start();
    toNear.start();
    nearKeeper.start();
    farKeeper.start();
    Running running = BridgeState.Connecting.INITIAL;
    while (true) {
      switch (events.take()) {
        case Event.Up(Side side) -> running = enter(running, running.up(side));
        case Event.Down(Side side, BusException cause) ->
            running = enter(running, running.down(side, cause));
        case Event.StandBy() -> {
          log.info(
              "Standing by: another bridge works on these queues; this one takes over from it");
          running = enter(running, running.standBy());
        }
        case Event.TakeOver() -> {
          if (running instanceof Standby) {
            log.warn("Taking over: the bridge that worked on these queues is gone");
          }
          running = enter(running, running.takeOver());
        }
        case Event.Stop(StopCause cause) -> {
          Draining draining = running.drain(cause);
          state = draining;
          log.atInfo().addKeyValue("in_flight", inFlight()).log("Draining");
          drainAndClose();
          state = draining.stopped();
          log.atInfo()
              .addKeyValue(toFar.name(), toFar.stats().snapshot().accepted())
              .addKeyValue(toNear.name(), toNear.stats().snapshot().accepted())
              .addKeyValue("unsettled", inFlight())
              .log("Stopped");
          return cause;
        }
      }
    }
  }

  /** Makes {@link #run} drain and return. Any thread; only the first call has an effect. */
  public void stop(String by) {
    events.add(new Event.Stop(new StopCause.Requested(by)));
  }

  /** Makes {@link #run} drain and return: a thread of the bridge is gone. Any thread. */
  public void fail(Throwable cause) {
    events.add(new Event.Stop(new StopCause.Failed(cause)));
  }

  /** What the bridge is doing. */
  public BridgeState state() {
    return state;
  }

  /** The counts of one direction. */
  public RelayStats stats(Direction direction) {
    return switch (direction) {
      case OUTBOUND -> toFar.stats();
      case INBOUND -> toNear.stats();
    };
  }

  /** What became of one side. */
  public LinkStats stats(Side side) {
    return switch (side) {
      case NEAR -> nearKeeper.stats();
      case FAR -> farKeeper.stats();
    };
  }

  /**
   * What keeps this side from its work though it may be connected, in a sentence; empty: nothing
   * does.
   */
  public Optional<String> trouble(Side side) {
    return switch (side) {
      case NEAR -> nearKeeper.trouble();
      case FAR -> toFar.refusal().or(farKeeper::trouble);
    };
  }

  /** Whether nothing goes this way because the other side has not shown life on its connection. */
  public boolean awaitsLife(Direction direction) {
    return switch (direction) {
      case OUTBOUND -> toFar.awaitsLife();
      case INBOUND -> toNear.awaitsLife();
    };
  }

  private int inFlight() {
    return toFar.stats().snapshot().inFlight() + toNear.stats().snapshot().inFlight();
  }

  private void attach(Side side, BusConnection connection) {
    switch (side) {
      case NEAR -> {
        toNear.sinkUp(connection.sink());
        if (refusals.passes(connection.source(), toNear.stats().snapshot().inFlight() > 0)) {
          toFar.sourceUp(connection.source());
        }
      }
      case FAR -> {
        toFar.sinkUp(connection.sink());
        toNear.sourceUp(connection.source());
      }
    }
  }

  private void detach(Side side, BusException cause) {
    switch (side) {
      case NEAR -> {
        toNear.sinkDown(cause);
        refusals.lost(cause);
        toFar.sourceDown();
      }
      case FAR -> {
        toFar.sinkDown(cause);
        toNear.sourceDown();
      }
    }
  }

  /** The far side waits until it is this bridge's turn. */
  private void takeTurn(Turn turn) {
    if (!turn.isOurs()) {
      events.add(new Event.StandBy());
    }
    turn.await(
        () -> {
          events.add(new Event.TakeOver());
          farKeeper.release();
        });
  }

  /**
   * Without the near side it may be another bridge's turn: the far one is closed before anything
   * else. That is no failure of its peer, which is not to be suspected over it.
   */
  private void endTurn() {
    farKeeper.hold(
        new BusException(
            BusException.Kind.CLOSED_BY_PEER,
            "The connection was closed because %s was lost, and with it the turn to use this side."
                .formatted(nearKeeper.name()),
            null));
  }

  private Running enter(Running before, Running after) {
    state = after;
    if (after instanceof Relaying && !(before instanceof Relaying)) {
      log.info(before instanceof Paused ? "Relaying again" : "Relaying");
    }
    return after;
  }

  /**
   * In this order: nothing more is taken from the near side and what was taken reaches the far
   * peer; the far side is closed, and what its peer sent before it answered reaches the near side;
   * that is closed, and has back what is still unsettled.
   */
  private void drainAndClose() throws InterruptedException {
    long deadline = System.nanoTime() + drain.toNanos();
    Optional<BusConnection> near = nearKeeper.stop();
    Optional<BusConnection> far = farKeeper.stop();
    CompletableFuture<@Nullable Void> drained = toFar.drain();
    await(drained, deadline);
    far.ifPresent(BusConnection::close);
    toFar.sinkDown(
        new BusException(
            BusException.Kind.CLOSED_BY_PEER, "The bridge closed it at its end.", null));
    farKeeper.stats().connected(false);
    await(toNear.drain(), deadline);
    await(drained, System.nanoTime() + LAST_WORDS.toNanos());
    near.ifPresent(BusConnection::close);
    nearKeeper.stats().connected(false);
    toFar.end();
    toNear.end();
  }

  private static void await(CompletableFuture<@Nullable Void> drained, long deadline)
      throws InterruptedException {
    try {
      drained.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.debug("Not all was settled in time; what was not goes back to its queue");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a relay never fails to drain exceptionally", e);
    }
  }

  private LinkKeeper keeper(Side side, Link link, Timing timing) {
    return new LinkKeeper(
        side,
        link,
        timing,
        new LinkKeeper.Listener() {
          @Override
          public void up(Side up, BusConnection connection) {
            log.atInfo().addKeyValue("bus", link.bus().name()).log("Connected");
            attach(up, connection);
            events.add(new Event.Up(up));
            if (takesTurns && up == Side.NEAR) {
              takeTurn(connection.turn());
            }
          }

          @Override
          public void down(Side down, BusException cause) {
            if (takesTurns && down == Side.NEAR) {
              endTurn();
            }
            detach(down, cause);
            events.add(new Event.Down(down, cause));
          }

          @Override
          public Relay.Patience patience(Side which) {
            return which == Side.FAR ? toFar.patience() : Relay.Patience.NORMAL;
          }

          @Override
          public void failed(Throwable cause) {
            fail(cause);
          }

          @Override
          public void gaveUp(Side which, BusException cause, boolean atStart) {
            events.add(new Event.Stop(new StopCause.GaveUp(which, cause, atStart)));
          }
        });
  }

  /** Passes on what a relay achieves, by which the keepers measure their connections. */
  private final class Progress implements Relay.Listener {
    private final LinkKeeper sources;
    private final LinkKeeper sinks;
    private final boolean inbound;

    private Progress(LinkKeeper sources, LinkKeeper sinks, boolean inbound) {
      this.sources = sources;
      this.sinks = sinks;
      this.inbound = inbound;
    }

    @Override
    public void sourceFailed(BusException cause) {
      sources.replace(cause);
    }

    @Override
    public void sourceStarted(Source source) {
      sources.started(source);
    }

    @Override
    public void sourceProved(Source source) {
      sources.delivered(source);
    }

    @Override
    public void sinkProved(Sink sink) {
      sinks.confirmed(sink);
      if (inbound) {
        refusals.confirmed().ifPresent(toFar::sourceUp);
      }
    }

    @Override
    public void relayFailed(Throwable cause) {
      fail(cause);
    }
  }
}
