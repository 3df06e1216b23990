package org.messagebusbridge.sandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a process has used, by Linux's {@code /proc} (proc(5)); elsewhere its memory is unknown.
 *
 * @param pid the process
 */
record ProcessUse(long pid) {

  /** Its processor time so far, of all threads; zero when it is gone. */
  Duration cpu() {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  /** The most memory it ever had resident, in KiB: {@code VmHWM}. */
  OptionalLong peakResidentKib() {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * The bytes that it has allocated on its heap so far, but for arrays larger than its young
   * generation; empty when it is no JVM with a serial collector. Takes some tenths of a second.
   */
  OptionalDouble allocatedBytes() throws InterruptedException {
    return Jstat.allocatedBytes(pid);
  }
}
