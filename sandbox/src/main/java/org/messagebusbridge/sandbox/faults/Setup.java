package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.messagebusbridge.sandbox.interop.Peer;

/**
 * What a row runs with. {@link #STANDARD}, but for what is said otherwise.
 *
 * @param perSecond messages a second in each direction while the load flows
 * @param size of a body in bytes
 * @param window how many messages the peer may have without a receipt
 * @param loaded whether the load flows, both ways, before the row's faults begin
 * @param bridges how many run from the beginning
 * @param keys of the configuration, by the names of the environment overrides
 * @param queuesMadeBefore the arguments of both queues when they are declared before the bridge
 *     comes; empty when the bridge makes them
 * @param patience how long to wait for what has not come, at the end, since anything came
 * @param guest a service on a foreign server, in place of the sandbox's own peer: it takes what
 *     comes to_ws and sends nothing, so such a setup is {@link #quiet}
 */
public record Setup(
    int perSecond,
    int size,
    int window,
    boolean loaded,
    int bridges,
    Map<String, String> keys,
    Optional<Map<String, Object>> queuesMadeBefore,
    Duration patience,
    Optional<Guest> guest) {

  /**
   * A foreign service.
   *
   * @param behaviour the variables of {@code tools/interop/run}
   */
  public record Guest(Peer peer, Map<String, String> behaviour) {
    public Guest {
      behaviour = Map.copyOf(behaviour);
    }
  }

  /**
   * 2,000 messages of 200 bytes a second each way, one bridge with defaults, but that it never
   * gives the WebSocket up: many rows take more connections in a minute than the ten of {@code
   * ws_max_connect_attempts}.
   */
  public static final Setup STANDARD =
      new Setup(
          2_000,
          200,
          2_000,
          true,
          1,
          Map.of("MBB_WS_API_WS_MAX_CONNECT_ATTEMPTS", "1000"),
          Optional.empty(),
          Duration.ofSeconds(20),
          Optional.empty());

  public Setup {
    keys = Map.copyOf(keys);
  }

  /** With this rate each way. */
  public Setup perSecond(int rate) {
    return new Setup(rate, size, window, loaded, bridges, keys, queuesMadeBefore, patience, guest);
  }

  /** With bodies of this size. */
  public Setup size(int bytes) {
    return new Setup(
        perSecond, bytes, window, loaded, bridges, keys, queuesMadeBefore, patience, guest);
  }

  /** With nothing flowing until the row itself begins to send. */
  public Setup quiet() {
    return new Setup(
        perSecond, size, window, false, bridges, keys, queuesMadeBefore, patience, guest);
  }

  /** With so many bridges from the beginning. */
  public Setup bridges(int count) {
    return new Setup(
        perSecond, size, window, loaded, count, keys, queuesMadeBefore, patience, guest);
  }

  /** With one more key of the configuration: {@code WS_API_WS_HOLD_SECS}. */
  public Setup key(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(keys);
    more.put("MBB_" + name, value);
    return new Setup(
        perSecond, size, window, loaded, bridges, more, queuesMadeBefore, patience, guest);
  }

  /** With durable queues of these arguments and the target's type, which are there already. */
  public Setup queuesMadeBefore(Map<String, Object> arguments) {
    return new Setup(
        perSecond, size, window, loaded, bridges, keys, Optional.of(arguments), patience, guest);
  }

  /** With this patience at the end. */
  public Setup patience(Duration time) {
    return new Setup(perSecond, size, window, loaded, bridges, keys, queuesMadeBefore, time, guest);
  }

  /** With the bridge's own default for this key, which {@link #STANDARD} sets otherwise. */
  public Setup withoutKey(String name) {
    Map<String, String> fewer = new LinkedHashMap<>(keys);
    fewer.remove("MBB_" + name);
    return new Setup(
        perSecond, size, window, loaded, bridges, fewer, queuesMadeBefore, patience, guest);
  }

  /** With a foreign service, and nothing flowing until the row itself begins to send. */
  public Setup guest(Peer peer, Map<String, String> behaviour) {
    return new Setup(
        perSecond,
        size,
        window,
        false,
        bridges,
        keys,
        queuesMadeBefore,
        patience,
        Optional.of(new Guest(peer, behaviour)));
  }
}
