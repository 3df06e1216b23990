package org.messagebusbridge.sandbox.faults;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.messagebusbridge.sandbox.SandboxException;

/** A file that lines are added to, for whoever looks for a reason later. Thread-safe. */
public final class LineLog implements AutoCloseable {

  private final PrintWriter out;

  /** Begins a new file; its folder is made when it is missing. */
  public LineLog(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8), true);
    } catch (IOException e) {
      throw new SandboxException("%s cannot be written: %s.".formatted(file, e), e);
    }
  }

  /** Adds a line. */
  public void add(String line) {
    out.println(line);
  }

  @Override
  public void close() {
    out.close();
  }
}
