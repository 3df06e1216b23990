package org.messagebusbridge.sandbox.bench;

import java.time.Duration;

/**
 * What is put through each way.
 *
 * @param size of a body, in bytes
 * @param rate messages a second; 0 for as many as come back
 */
record Workload(int size, int rate) {
  private static final int MOST_BYTES_IN_FLIGHT = 32 * 1024 * 1024;
  private static final int LEAST_IN_FLIGHT = 8;
  private static final int MOST_WAITING = 100_000;
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  boolean saturates() {
    return rate == 0;
  }

  /**
   * The load of one round.
   *
   * @param inFlight how many messages of a usual size may be out; of large ones it is fewer
   */
  Load.Spec spec(int inFlight, Duration warmUp, int seconds) {
    int out =
        saturates()
            ? Math.min(inFlight, Math.max(LEAST_IN_FLIGHT, MOST_BYTES_IN_FLIGHT / size))
            : MOST_WAITING;
    return new Load.Spec(size, out, rate, warmUp, seconds, PATIENCE);
  }

  String label() {
    return saturates() ? sizeLabel() + ", saturated" : sizeLabel() + ", " + rate + " a second";
  }

  private String sizeLabel() {
    return size >= 1024 && size % 1024 == 0
        ? size >= 1024 * 1024 && size % (1024 * 1024) == 0
            ? size / 1024 / 1024 + " MiB"
            : size / 1024 + " KiB"
        : size + " bytes";
  }
}
