package org.messagebusbridge.sandbox.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.messagebusbridge.sandbox.SandboxException;

/**
 * The page {@code docs/faults.md}: what people write stays, and what a run writes stands between
 * two marks for each part.
 */
public final class FaultsPage {

  private final Path file;

  /** The page in this file, which exists. */
  public FaultsPage(Path file) {
    this.file = file;
  }

  /**
   * Replaces a part.
   *
   * @param part its name in the marks
   * @param text Markdown, without the marks
   * @throws SandboxException when the file, or a mark in it, is missing
   */
  public void write(String part, String text) {
    try {
      String page = Files.readString(file, StandardCharsets.UTF_8);
      String mark = "<!-- %s: written by the run, do not edit -->\n".formatted(part);
      int begin = page.indexOf(mark);
      int end = page.indexOf("<!-- end of %s -->".formatted(part));
      if (begin < 0 || end < begin) {
        throw new SandboxException("%s has no marks for the part '%s'.".formatted(file, part));
      }
      Files.writeString(
          file,
          page.substring(0, begin + mark.length()) + text.strip() + "\n" + page.substring(end));
    } catch (IOException e) {
      throw new SandboxException("%s cannot be written: %s.".formatted(file, e), e);
    }
  }
}
