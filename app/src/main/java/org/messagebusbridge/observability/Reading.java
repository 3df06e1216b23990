package org.messagebusbridge.observability;

import java.time.Instant;
import java.util.Optional;
import org.messagebusbridge.bus.QueueDepth;
import org.messagebusbridge.relay.LinkStats;
import org.messagebusbridge.relay.RelayStats;

/**
 * All numbers of the bridge at one moment; counts are since its start. Each is right by itself,
 * they are not read at one instant.
 *
 * @param time when it was read, by the clock of the day
 * @param nanoTime when it was read, in nanoseconds of a clock that never steps
 * @param state what the bridge is doing, in one word
 * @param mq the broker's side
 * @param webSocket the WebSocket API's side
 * @param toWs from MQ to the WebSocket
 * @param fromWs from the WebSocket to MQ
 * @param toWsQueue the queue that is consumed; empty: not known
 * @param fromWsQueue the queue that is published to; empty: not known
 * @param export what the bridge could not tell the world
 */
public record Reading(
    Instant time,
    long nanoTime,
    String state,
    Side mq,
    Side webSocket,
    RelayStats.Snapshot toWs,
    RelayStats.Snapshot fromWs,
    Optional<QueueDepth> toWsQueue,
    Optional<QueueDepth> fromWsQueue,
    Export export) {

  /**
   * One side of the bridge.
   *
   * @param connected whether it is connected
   * @param attempts how often it was tried to connect
   * @param lastFailure why it failed or was lost most recently, even when it is connected again
   * @param trouble what keeps the bridge from its work though there may be a connection, in a
   *     sentence; empty: nothing does
   */
  public record Side(
      boolean connected,
      long attempts,
      Optional<LinkStats.Failure> lastFailure,
      Optional<String> trouble) {

    /** A side without trouble. */
    public Side(boolean connected, long attempts, Optional<LinkStats.Failure> lastFailure) {
      this(connected, attempts, lastFailure, Optional.empty());
    }
  }

  /**
   * What the bridge could not tell the world.
   *
   * @param logEventsLost log events that never reached CloudWatch Logs
   * @param failedCalls calls of CloudWatch that failed
   */
  public record Export(long logEventsLost, long failedCalls) {
    /** Nothing is exported, so nothing is lost. */
    public static final Export NONE = new Export(0, 0);
  }
}
