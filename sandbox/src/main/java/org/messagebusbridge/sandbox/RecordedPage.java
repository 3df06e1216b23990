package org.messagebusbridge.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page that records what runs have shown, such as {@code docs/faults.md}: what people write
 * stays, and what a run writes stands between two marks for each part.
 */
public final class RecordedPage {

  private final Path file;

  /** What a page is made of, for one of its parts. */
  private record Around(String before, String after) {}

  /** The page in this file, which exists. */
  public RecordedPage(Path file) {
    this.file = file;
  }

  /**
   * Checks that a part can be replaced, before a long run.
   *
   * @throws SandboxException when the file, or a mark in it, is missing
   */
  public void check(String part) {
    around(part);
  }

  /**
   * Replaces a part.
   *
   * @param part its name in the marks
   * @param text Markdown, without the marks
   * @throws SandboxException when the file, or a mark in it, is missing
   */
  public void write(String part, String text) {
    Around around = around(part);
    try {
      Files.writeString(file, around.before + text.strip() + "\n" + around.after);
    } catch (IOException e) {
      throw unusable("written", e);
    }
  }

  private Around around(String part) {
    String page;
    try {
      page = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unusable("read", e);
    }
    String mark = "<!-- %s: written by the run, do not edit -->\n".formatted(part);
    int begin = page.indexOf(mark);
    int end = page.indexOf("<!-- end of %s -->".formatted(part));
    if (begin < 0 || end < begin) {
      throw new SandboxException("%s has no marks for the part '%s'.".formatted(file, part));
    }
    return new Around(page.substring(0, begin + mark.length()), page.substring(end));
  }

  private SandboxException unusable(String how, IOException cause) {
    return new SandboxException("%s cannot be %s: %s.".formatted(file, how, cause), cause);
  }
}
