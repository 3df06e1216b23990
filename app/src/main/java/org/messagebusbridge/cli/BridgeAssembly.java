package org.messagebusbridge.cli;

import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.messagebusbridge.bus.Backoff;
import org.messagebusbridge.bus.Bus;
import org.messagebusbridge.config.BridgeKeys;
import org.messagebusbridge.config.BusModule;
import org.messagebusbridge.config.BusModule.Attempts;
import org.messagebusbridge.config.BusModule.Opening;
import org.messagebusbridge.config.BusModule.Side;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.relay.Bridge;
import org.messagebusbridge.relay.Bridge.Link;
import org.messagebusbridge.relay.Relay;
import org.messagebusbridge.relay.Renewal;
import org.messagebusbridge.relay.RetryPolicy;
import org.messagebusbridge.relay.Timing;

/** The composition root: makes a bridge of the buses that are found. */
public final class BridgeAssembly {
  private BridgeAssembly() {}

  /**
   * A bridge between the broker and the API, not running yet.
   *
   * @param timer runs what the buses do in time; shared, never shut down here
   */
  public static Bridge bridge(
      Configuration configuration, Timing timing, ScheduledExecutorService timer) {
    return bridge(Logins.of(configuration), Side.API, timing, timer);
  }

  /**
   * A bridge between the broker and itself ({@code -X}), not running yet: what MQ sends comes back.
   */
  public static Bridge stub(
      Configuration configuration, Timing timing, ScheduledExecutorService timer) {
    return bridge(Logins.of(configuration), Side.STUB, timing, timer);
  }

  /**
   * The same, with credentials that may change.
   *
   * @param other what the broker is bridged to
   */
  static Bridge bridge(Logins logins, Side other, Timing timing, ScheduledExecutorService timer) {
    Configuration configuration = logins.initial();
    BusModule mq = configuration.bus(Side.MQ);
    BusModule api = configuration.bus(other);
    Bus mqBus = mq.open(new Opening(logins::latest, timer, () -> true));
    Bus apiBus = api.open(new Opening(logins::latest, timer, mqBus::isItsTurn));
    boolean inTurn = configuration.get(BridgeKeys.HA_MODE) == BridgeKeys.HaMode.STANDBY;
    return new Bridge(
        new Link(mqBus, retries(mq.attempts(configuration)), logins, false),
        new Link(
            apiBus,
            retries(api.attempts(configuration)),
            other == Side.STUB ? Renewal.NONE : logins,
            inTurn),
        new Relay.Settings(
            "to_ws",
            api.hold(configuration),
            api.caution(configuration)
                .map(
                    caution ->
                        new Relay.Caution(
                            mq.maxDeliveries(configuration),
                            caution.receiptGrace(),
                            caution.breakerAfter()))),
        new Relay.Settings("from_ws", api.hold(configuration), Optional.empty()),
        configuration.get(BridgeKeys.DRAIN),
        timing);
  }

  private static RetryPolicy retries(Attempts attempts) {
    int most = attempts.most().orElse(Integer.MAX_VALUE);
    return attempts
        .window()
        .map(window -> RetryPolicy.counted(most, window, Backoff.STANDARD, attempts.key()))
        .orElseGet(() -> RetryPolicy.boundedAtStart(most, Backoff.STANDARD, attempts.key()));
  }
}
