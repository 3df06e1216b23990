package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ends other processes when this JVM ends, however that comes about, and removes their folder.
 *
 * <p>A shutdown hook does not run when the JVM is killed. This is a shell that reads from a pipe
 * which the JVM holds open: the end of the pipe is the end of the JVM.
 */
final class Watchdog implements AutoCloseable {

  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      cat >/dev/null
      test -f "$1/pids" || exit 0
      while read -r pid; do kill -9 "$pid"; done <"$1/pids"
      rm -rf "$1" || { sleep 1; rm -rf "$1"; }
      """;

  private final Path folder;
  private final Process shell;

  /**
   * @param folder what the processes leave, and where their ids are kept
   */
  Watchdog(Path folder) throws IOException {
    this.folder = folder;
    shell =
        new ProcessBuilder("/bin/sh", "-c", SCRIPT, "sandbox-watchdog", folder.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** From now on, these are the processes to end. */
  void watch(Process... processes) throws IOException {
    List<String> ids =
        Stream.of(processes).filter(Process::isAlive).map(p -> Long.toString(p.pid())).toList();
    Path next = Files.write(folder.resolve("pids.next"), ids);
    Files.move(next, folder.resolve("pids"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** To be called when the folder is gone: what is left to do, the shell does at once. */
  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
  }
}
