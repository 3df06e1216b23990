package org.messagebusbridge.sandbox.child;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.messagebusbridge.sandbox.SandboxException;

/** A signal to a process of one's own, by the command {@code kill}. */
public enum Signal {
  /** Stands still until {@link #CONT}: its connections stay open, and nobody answers on them. */
  STOP,
  /** Goes on. */
  CONT,
  /** Asks to end. */
  TERM,
  /** Ends at once; a process that stands still, too. */
  KILL;

  /**
   * Sends it, and returns when the process has it.
   *
   * @throws SandboxException when there is no such process
   */
  public void to(long pid) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name(), Long.toString(pid))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new SandboxException("SIG%s did not reach process %d".formatted(name(), pid));
      }
    } catch (IOException e) {
      throw new SandboxException("SIG%s cannot be sent: %s".formatted(name(), e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while SIG%s was sent".formatted(name()), e);
    }
  }
}
