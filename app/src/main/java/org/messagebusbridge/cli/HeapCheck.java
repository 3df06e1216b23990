package org.messagebusbridge.cli;

import java.util.Optional;
import org.messagebusbridge.config.BusModule.Side;
import org.messagebusbridge.config.Configuration;
import org.messagebusbridge.config.Key;

/** Whether the JVM's heap has room for messages as large as the configuration lets them be. */
final class HeapCheck {
  /**
   * How often a message of the largest size may be held: in parts and whole, both ways, and what
   * the collector cannot use beside such arrays. Measured with an echo: a heap of 256 MiB is enough
   * for 48 MB, and not for 54.
   */
  private static final int COPIES = 5;

  /** What the bridge takes beside that, with the windows of both directions. */
  private static final long BASE_BYTES = 40L << 20;

  private HeapCheck() {}

  /**
   * Checks it, so that no message that is let in can end the process.
   *
   * @param stub whether there is no API whose messages could be large
   * @param heapBytes the most that the heap may grow to
   * @throws CommandException with a sentence that says what to set
   */
  static void check(Configuration configuration, boolean stub, long heapBytes)
      throws CommandException {
    Optional<Key<Integer>> key = configuration.bus(Side.API).maxMessageBytes();
    long largest = stub ? 0 : key.map(configuration::get).orElse(0);
    long needed = BASE_BYTES + COPIES * largest;
    if (key.isPresent() && needed > heapBytes) {
      throw CommandException.mistake(
          ("%s is %d, for which the bridge needs a heap of %d MiB, but it has %d"
                  + " MiB; set it to %d at most, or set MBB_JAVA_OPTS=-Xmx%dm.")
              .formatted(
                  key.get().name(),
                  largest,
                  mebibytes(needed),
                  heapBytes >> 20,
                  Math.max(1, (heapBytes - BASE_BYTES) / COPIES),
                  mebibytes(needed + needed / 8)));
    }
  }

  private static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }
}
