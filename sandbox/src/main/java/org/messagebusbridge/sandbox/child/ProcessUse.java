package org.messagebusbridge.sandbox.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a process has used, by Linux's {@code /proc} (proc(5)); elsewhere its memory is unknown.
 *
 * @param pid the process
 */
public record ProcessUse(long pid) {

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

  private OptionalLong status(String name) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
