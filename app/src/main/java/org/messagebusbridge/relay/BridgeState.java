package org.messagebusbridge.relay;

import org.messagebusbridge.bus.BusException;

/**
 * What a bridge is doing. Only the legal moves exist as methods:
 *
 * <pre>
 *   Connecting --+--> Relaying <--> Paused
 *     |    ^     |       |           |   |
 *     v    |     +-------+-----+-----+   |
 *    Standby <-----------------|---------+
 *       |                      v
 *       +------------------> Draining --> Stopped
 * </pre>
 */
public sealed interface BridgeState {

  /** One word for logs and health checks. */
  String word();

  /** The two sides of a bridge. */
  enum Side {
    /** Where it is known whose turn it is, when instances take turns. */
    NEAR,
    /** The side that waits for the turn. */
    FAR
  }

  /** What still works may settle what is in flight; then the bridge stops, for {@code cause}. */
  sealed interface Running extends BridgeState {

    /** The bridge is to stop. */
    default Draining drain(StopCause cause) {
      return new Draining(cause);
    }

    /** A side is connected. */
    Running up(Side side);

    /** A side is gone. */
    Running down(Side side, BusException cause);

    /** Another instance works. */
    default Standby standBy() {
      return new Standby();
    }

    /** It is this instance's turn to work. */
    default Running takeOver() {
      return this;
    }
  }

  /**
   * Not both sides have been connected yet.
   *
   * @param near whether the near side is
   * @param far whether the far side is
   */
  record Connecting(boolean near, boolean far) implements Running {

    /** Neither side is connected. */
    public static final Connecting INITIAL = new Connecting(false, false);

    @Override
    public String word() {
      return "connecting";
    }

    @Override
    public Running up(Side side) {
      Connecting next = new Connecting(near || side == Side.NEAR, far || side == Side.FAR);
      return next.near && next.far ? new Relaying() : next;
    }

    @Override
    public Running down(Side side, BusException cause) {
      return new Connecting(near && side != Side.NEAR, far && side != Side.FAR);
    }
  }

  /** Both sides are connected. */
  record Relaying() implements Running {
    @Override
    public String word() {
      return "relaying";
    }

    @Override
    public Running up(Side side) {
      return this;
    }

    @Override
    public Running down(Side side, BusException cause) {
      return new Paused(side == Side.FAR, side == Side.NEAR, cause);
    }
  }

  /**
   * A side that was connected is gone, and is being connected to again.
   *
   * @param near whether the near side is connected
   * @param far whether the far side is
   * @param cause why a side was lost, most recently
   */
  record Paused(boolean near, boolean far, BusException cause) implements Running {
    @Override
    public String word() {
      return "paused";
    }

    @Override
    public Running up(Side side) {
      Paused next = new Paused(near || side == Side.NEAR, far || side == Side.FAR, cause);
      return next.near && next.far ? new Relaying() : next;
    }

    @Override
    public Running down(Side side, BusException newCause) {
      return new Paused(near && side != Side.NEAR, far && side != Side.FAR, newCause);
    }
  }

  /**
   * The near side is connected, the far side is not: of several instances another one works, and
   * this one takes over when that is gone.
   */
  record Standby() implements Running {
    @Override
    public String word() {
      return "standby";
    }

    @Override
    public Running up(Side side) {
      return this;
    }

    @Override
    public Running down(Side side, BusException cause) {
      return side == Side.NEAR ? new Paused(false, false, cause) : this;
    }

    @Override
    public Connecting takeOver() {
      return new Connecting(true, false);
    }
  }

  /** Nothing new is taken; what is in flight settles. */
  record Draining(StopCause cause) implements BridgeState {
    @Override
    public String word() {
      return "draining";
    }

    /** All is settled that could be. */
    public Stopped stopped() {
      return new Stopped(cause);
    }
  }

  /** Over. */
  record Stopped(StopCause cause) implements BridgeState {
    @Override
    public String word() {
      return "stopped";
    }
  }

  /** Why a bridge stops. */
  sealed interface StopCause {

    /** It was told to, by a signal or by {@code --runsecs}. */
    record Requested(String by) implements StopCause {}

    /**
     * A side could not be connected to.
     *
     * @param side which
     * @param failure the last failure
     * @param atStart whether it has never let the bridge work
     */
    record GaveUp(Side side, BusException failure, boolean atStart) implements StopCause {}

    /** A bug. */
    record Failed(Throwable failure) implements StopCause {}
  }
}
