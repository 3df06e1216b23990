package org.messagebusbridge.sandbox.bench;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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
 * @param sleeps how often threads of all of them went to sleep, to be woken by another one
 */
record CpuTime(Duration bridge, Duration broker, Duration load, long sleeps) {

  /** Until now. */
  static CpuTime now(Contender contender, Broker broker) {
    List<ProcessUse> bridges = contender.uses();
    List<ProcessUse> nodes = nodes(broker).stream().flatMap(node -> node.use().stream()).toList();
    List<ProcessUse> own = List.of(new ProcessUse(ProcessHandle.current().pid()));
    return new CpuTime(
        cpu(bridges),
        cpu(nodes),
        cpu(own),
        Stream.of(bridges, nodes, own).flatMap(List::stream).mapToLong(ProcessUse::sleeps).sum());
  }

  private static Duration cpu(List<ProcessUse> processes) {
    return processes.stream().map(ProcessUse::cpu).reduce(Duration.ZERO, Duration::plus);
  }

  private static List<RabbitNode> nodes(Broker broker) {
    return switch (broker) {
      case RabbitNode node -> List.of(node);
      case RabbitCluster cluster -> cluster.nodes();
      default -> List.of();
    };
  }

  /** Since an earlier moment. */
  CpuTime since(CpuTime earlier) {
    return new CpuTime(
        bridge.minus(earlier.bridge),
        broker.minus(earlier.broker),
        load.minus(earlier.load),
        sleeps - earlier.sleeps);
  }

  /** Shared among so many round trips, in microseconds. */
  static double micros(Duration cpu, long trips) {
    return cpu.toNanos() / 1e3 / Math.max(1, trips);
  }
}
