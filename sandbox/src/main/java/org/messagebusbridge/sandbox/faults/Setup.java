package org.messagebusbridge.sandbox.faults;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
 */
public record Setup(
    int perSecond,
    int size,
    int window,
    boolean loaded,
    int bridges,
    Map<String, String> keys,
    Optional<Map<String, Object>> queuesMadeBefore,
    Duration patience) {

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
          Duration.ofSeconds(20));

  public Setup {
    keys = Map.copyOf(keys);
  }

  /** With this rate each way. */
  public Setup perSecond(int rate) {
    return new Setup(rate, size, window, loaded, bridges, keys, queuesMadeBefore, patience);
  }

  /** With bodies of this size. */
  public Setup size(int bytes) {
    return new Setup(perSecond, bytes, window, loaded, bridges, keys, queuesMadeBefore, patience);
  }

  /** With nothing flowing until the row itself begins to send. */
  public Setup quiet() {
    return new Setup(perSecond, size, window, false, bridges, keys, queuesMadeBefore, patience);
  }

  /** With so many bridges from the beginning. */
  public Setup bridges(int count) {
    return new Setup(perSecond, size, window, loaded, count, keys, queuesMadeBefore, patience);
  }

  /** With one more key of the configuration: {@code WS_API_WS_HOLD_SECS}. */
  public Setup key(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(keys);
    more.put("MBB_" + name, value);
    return new Setup(perSecond, size, window, loaded, bridges, more, queuesMadeBefore, patience);
  }

  /** With durable queues of these arguments and the target's type, which are there already. */
  public Setup queuesMadeBefore(Map<String, Object> arguments) {
    return new Setup(
        perSecond, size, window, loaded, bridges, keys, Optional.of(arguments), patience);
  }

  /** With this patience at the end. */
  public Setup patience(Duration time) {
    return new Setup(perSecond, size, window, loaded, bridges, keys, queuesMadeBefore, time);
  }
}
