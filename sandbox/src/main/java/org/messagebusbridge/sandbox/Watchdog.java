package org.messagebusbridge.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Ends other processes when this JVM ends, however that comes about, and removes their folder.
 *
 * <p>A shutdown hook does not run when the JVM is killed. This is a shell that reads from a pipe
 * which the JVM holds open: the end of the pipe is the end of the JVM. The process ids come through
 * the pipe, too, so that they do not depend on the folder.
 */
public final class Watchdog implements AutoCloseable {

  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      pids=
      while read -r line; do pids=$line; done
      test -z "$pids" || kill -9 $pids
      rm -rf "$1" || { sleep 1; rm -rf "$1"; }
      """;

  private final Process shell;

  /**
   * @param folder what the processes leave
   * @throws IOException when the shell cannot be started
   */
  public Watchdog(Path folder) throws IOException {
    shell =
        new ProcessBuilder("/bin/sh", "-c", SCRIPT, "sandbox-watchdog", folder.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** From now on, these are the processes to end. */
  public void watch(Process... processes) throws IOException {
    watch(List.of(processes));
  }

  void watch(List<Process> processes) throws IOException {
    String ids =
        processes.stream()
            .filter(Process::isAlive)
            .map(process -> Long.toString(process.pid()))
            .collect(Collectors.joining(" ", "", "\n"));
    OutputStream pipe = shell.getOutputStream();
    pipe.write(ids.getBytes(US_ASCII));
    pipe.flush();
  }

  /** Lets the shell end at once; it removes the folder, if that is still there. */
  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
  }
}
