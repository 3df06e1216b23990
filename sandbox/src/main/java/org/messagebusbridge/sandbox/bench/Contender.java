package org.messagebusbridge.sandbox.bench;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.messagebusbridge.sandbox.SandboxException;
import org.messagebusbridge.sandbox.child.Command;
import org.messagebusbridge.sandbox.child.ProcessUse;

/**
 * A way that is open: what is put into one queue comes out of the other. Used by one thread.
 *
 * @param to the queue that the load publishes to
 * @param from the queue that it consumes
 * @param processes what carries the messages, as far as that is a process of its own
 */
record Contender(Way way, String to, String from, List<Command> processes) {

  Contender {
    processes = List.copyOf(processes);
  }

  /** What each of them has used. */
  List<ProcessUse> uses() {
    return processes.stream().map(process -> new ProcessUse(process.pid())).toList();
  }

  /** The most memory that its processes ever had resident, in KiB; empty when it has none. */
  OptionalLong peakResidentKib() {
    return uses().stream()
        .map(ProcessUse::peakResidentKib)
        .flatMapToLong(OptionalLong::stream)
        .reduce(Long::sum);
  }

  /** Allocated on the heap so far; empty when it is not one JVM. */
  OptionalDouble allocatedBytes() throws InterruptedException {
    return processes.size() == 1
        ? Jstat.allocatedBytes(processes.getFirst().pid())
        : OptionalDouble.empty();
  }

  /**
   * Checks that it is still there.
   *
   * @throws SandboxException when a process has ended
   */
  void check() {
    for (Command process : processes) {
      if (!process.isRunning()) {
        throw new SandboxException(
            "What carries '%s' ended before its time: %s"
                .formatted(way.label(), process.lastWords()));
      }
    }
  }
}
