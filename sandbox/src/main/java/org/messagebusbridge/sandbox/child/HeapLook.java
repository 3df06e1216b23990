package org.messagebusbridge.sandbox.child;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.messagebusbridge.sandbox.SandboxException;

/** What is alive in the heap of a JVM of this user, by the JDK's {@code jcmd}. */
public final class HeapLook {

  private static final String JCMD =
      Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();

  private HeapLook() {}

  /**
   * The bytes of all byte arrays that are reachable, after a full collection: bodies of messages
   * for the most part. Zero when the process is gone.
   */
  public static long liveByteArrays(long pid) {
    try {
      Process jcmd = new ProcessBuilder(JCMD, Long.toString(pid), "GC.class_histogram").start();
      String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return histogram
          .lines()
          .map(line -> line.strip().split("\\s+"))
          .filter(columns -> columns.length > 3 && columns[3].equals("[B"))
          .mapToLong(columns -> Long.parseLong(columns[2]))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new SandboxException("jcmd could not be run: %s.".formatted(e.getMessage()), e);
    }
  }
}
