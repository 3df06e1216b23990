package org.messagebusbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedPageTest {
  @TempDir private Path directory;

  @Test
  void replacesOnePartAndLeavesTheRest() throws Exception {
    Path file = directory.resolve("page.md");
    Files.writeString(
        file,
        """
        before
        <!-- a: written by the run, do not edit -->
        old
        <!-- end of a -->
        between
        <!-- b: written by the run, do not edit -->
        <!-- end of b -->
        """);

    new RecordedPage(file).write("a", "new\n\n");

    assertThat(file)
        .hasContent(
            """
            before
            <!-- a: written by the run, do not edit -->
            new
            <!-- end of a -->
            between
            <!-- b: written by the run, do not edit -->
            <!-- end of b -->
            """);
    assertThatThrownBy(() -> new RecordedPage(file).write("c", "x"))
        .isInstanceOf(SandboxException.class)
        .hasMessage(file + " has no marks for the part 'c'.");
  }
}
