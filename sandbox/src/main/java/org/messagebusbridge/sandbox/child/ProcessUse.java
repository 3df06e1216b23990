package org.messagebusbridge.sandbox.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a process has used, by Linux's {@code /proc} (proc(5)); elsewhere its memory is unknown.
 *
 * @param pid the process
 * @param proc where proc(5) is
 */
public record ProcessUse(long pid, Path proc) {

  /** By the {@code /proc} of this machine. */
  public ProcessUse(long pid) {
    this(pid, Path.of("/proc"));
  }

  /** Its processor time so far, of all threads; zero when it is gone. */
  public Duration cpu() {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  /** The most memory it ever had resident, in KiB: {@code VmHWM}. */
  public OptionalLong peakResidentKib() {
    return status("VmHWM:");
  }

  /** The memory that it has resident now, in KiB: {@code VmRSS}. */
  public OptionalLong residentKib() {
    return status("VmRSS:");
  }

  /**
   * How often its threads have gone to sleep so far, to wait for something: {@code
   * voluntary_ctxt_switches} of those that live; zero when it is gone, and where there is no {@code
   * /proc}. Each such sleep ends with a wake-up by another thread.
   */
  public long sleeps() {
    try (Stream<Path> threads = Files.list(folder().resolve("task"))) {
      return threads
          .mapToLong(
              thread -> number(thread.resolve("status"), "voluntary_ctxt_switches:").orElse(0))
          .sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // it ended meanwhile
    }
  }

  private OptionalLong status(String name) {
    return number(folder().resolve("status"), name);
  }

  private Path folder() {
    return proc.resolve(Long.toString(pid));
  }

  private static OptionalLong number(Path file, String name) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
