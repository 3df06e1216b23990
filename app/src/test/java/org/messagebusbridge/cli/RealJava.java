package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The JDK of these tests in a process of its own.
 *
 * @param folder where it writes
 */
record RealJava(Path folder) {
  /** The program. */
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final Duration TIME_TO_END = Duration.ofSeconds(60);

  /** How it ended, and the lines of both streams. */
  record Run(int exitCode, List<String> out, List<String> err) {}

  /** Runs it to its end. */
  Run run(String... arguments) throws IOException, InterruptedException {
    return run(JAVA, arguments);
  }

  /** Runs another program, which becomes it, to its end. */
  Run run(String program, String[] arguments) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(List.of(arguments));
    Process java =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(java.waitFor(TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    return new Run(java.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
  }
}
