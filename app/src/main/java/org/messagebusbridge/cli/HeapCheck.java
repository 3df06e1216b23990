package org.messagebusbridge.cli;

import org.messagebusbridge.config.Configuration;

/** Whether the JVM's heap has room for messages as large as the configuration lets them be. */
final class HeapCheck {
  /**
   * How often a message of {@code ws_max_message_bytes} may be held: in parts and whole, both ways,
   * and what the collector cannot use beside such arrays. Measured with an echo: a heap of 256 MiB
   * is enough for 48 MB, and not for 54.
   */
  private static final int COPIES = 5;

  /** What the bridge takes beside that, with the windows of both directions. */
  private static final long BASE_BYTES = 40L << 20;

  private HeapCheck() {}

  /**
   * Checks it, so that no message that is let in can end the process.
   *
   * @param heapBytes the most that the heap may grow to
   * @throws CommandException with a sentence that says what to set
   */
  static void check(Configuration configuration, long heapBytes) throws CommandException {
    long largest =
        configuration.webSocket().map(ws -> Long.valueOf(ws.maxMessageBytes())).orElse(0L);
    long needed = BASE_BYTES + COPIES * largest;
    if (needed > heapBytes) {
      throw CommandException.mistake(
          ("ws_max_message_bytes is %d, for which the bridge needs a heap of %d MiB, but it has %d"
                  + " MiB; set it to %d at most, or set MBB_JAVA_OPTS=-Xmx%dm.")
              .formatted(
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
