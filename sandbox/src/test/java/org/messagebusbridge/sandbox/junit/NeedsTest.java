package org.messagebusbridge.sandbox.junit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class NeedsTest {

  @TempDir private Path folder;

  @Test
  void skipsTheTestAndNamesWhatIsMissing() {
    assertThatThrownBy(() -> needs("").executable("tmux"))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage("skipped: tmux is not on the PATH; get it with: apt-get install tmux");
  }

  @Test
  void failsTheTestWhereTheEnvironmentSaysCi() {
    assertThatThrownBy(() -> needs("true").executable("tmux"))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessage("tmux is not on the PATH; get it with: apt-get install tmux");
  }

  @Test
  void runsTheTestWhenTheCommandIsThere() throws Exception {
    Path command = Files.createFile(folder.resolve("tmux"));
    assertThatThrownBy(() -> needs("").executable("tmux")).isInstanceOf(TestAbortedException.class);

    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThatCode(() -> needs("true").executable("tmux")).doesNotThrowAnyException();
  }

  @Test
  void namesTheCommandThatInstallsAFile() throws Exception {
    Path file = folder.resolve("actionlint");
    assertThatThrownBy(() -> needs("").installed(file, "actionlint", "tools/get"))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage("skipped: actionlint is not installed; get it with: tools/get");

    Files.createFile(file);

    assertThatCode(() -> needs("true").installed(file, "actionlint", "tools/get"))
        .doesNotThrowAnyException();
  }

  private Needs needs(String ci) {
    return new Needs(Map.of("CI", ci, "PATH", "::" + folder));
  }
}
