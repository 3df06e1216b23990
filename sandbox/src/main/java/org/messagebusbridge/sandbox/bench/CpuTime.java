package org.messagebusbridge.sandbox.bench;

import java.time.Duration;
import org.messagebusbridge.sandbox.Broker;
import org.messagebusbridge.sandbox.RabbitCluster;
import org.messagebusbridge.sandbox.RabbitNode;
import org.messagebusbridge.sandbox.child.ProcessUse;

/**
 * Processor time of all that takes part, so far or between two moments.
 *
 * @param bridge of the processes between the queues; zero when a way has none
 * @param broker of all its nodes; zero for one that is not RabbitMQ, which runs in this process
 * @param load of this process: the load and the WebSocket services
 */
record CpuTime(Duration bridge, Duration broker, Duration load) {

  /** Until now. */
  static CpuTime now(Contender contender, Broker broker) {
    return new CpuTime(
        contender.cpu(), of(broker), new ProcessUse(ProcessHandle.current().pid()).cpu());
  }

  private static Duration of(Broker broker) {
    return switch (broker) {
      case RabbitNode node -> node.cpu();
      case RabbitCluster cluster ->
          cluster.nodes().stream().map(RabbitNode::cpu).reduce(Duration.ZERO, Duration::plus);
      default -> Duration.ZERO;
    };
  }

  /** Since an earlier moment. */
  CpuTime since(CpuTime earlier) {
    return new CpuTime(
        bridge.minus(earlier.bridge), broker.minus(earlier.broker), load.minus(earlier.load));
  }

  /** Shared among so many round trips, in microseconds. */
  static double micros(Duration cpu, long trips) {
    return cpu.toNanos() / 1e3 / Math.max(1, trips);
  }
}
