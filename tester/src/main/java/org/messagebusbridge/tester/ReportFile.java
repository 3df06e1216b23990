package org.messagebusbridge.tester;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that a report goes to at the end of the run.
 *
 * @param flag the flag that named it
 * @param form what is written
 */
record ReportFile(String flag, Path path, Form form) {

  /** Writes a report in one form. */
  interface Form {

    /** Writes all of it. */
    void write(Report report, Writer out) throws IOException;
  }

  /**
   * Makes sure, before anything is sent, that it can be written. A file that is there stays as it
   * is; none is left where there was none.
   *
   * @throws IOException with a sentence
   */
  void probe() throws IOException {
    try {
      if (Files.exists(path)) {
        Files.newOutputStream(path, StandardOpenOption.APPEND).close();
      } else {
        Files.newOutputStream(path, StandardOpenOption.CREATE_NEW).close();
        Files.delete(path);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Writes it, over what was there.
   *
   * @throws IOException with a sentence
   */
  void write(Report report) throws IOException {
    try (Writer out = Files.newBufferedWriter(path, UTF_8)) {
      form.write(report, out);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private IOException failure(IOException e) {
    String why =
        switch (e) {
          case NoSuchFileException _ -> "its folder is not there";
          case AccessDeniedException _ -> "access is denied";
          case FileAlreadyExistsException _ -> "another process made it this moment";
          case FileSystemException file when file.getReason() != null -> file.getReason();
          default -> String.valueOf(e.getMessage());
        };
    return new IOException(
        "%s: '%s' cannot be written (%s); name another file".formatted(flag, path, why), e);
  }
}
