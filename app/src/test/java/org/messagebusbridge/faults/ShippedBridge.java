package org.messagebusbridge.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.messagebusbridge.sandbox.child.Launcher;

/** The classes of this build with the JVM flags that the bridge is shipped with. */
final class ShippedBridge {
  private static final Path OPTIONS = Path.of("src", "main", "jvm", "bridge.options");

  private ShippedBridge() {}

  /** Starts {@code mbb}'s commands as the launcher does. */
  static Launcher launcher() {
    return new Launcher(commandLine());
  }

  /** The same, but that all which they write goes to this file. */
  static Launcher launcherWithOutputTo(String file) {
    List<String> commandLine = new ArrayList<>();
    commandLine.addAll(List.of("/bin/sh", "-c", "exec \"$@\" >" + file + " 2>&1", "sh"));
    commandLine.addAll(commandLine());
    return new Launcher(commandLine);
  }

  private static List<String> commandLine() {
    List<String> commandLine = new ArrayList<>();
    commandLine.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    commandLine.addAll(options());
    commandLine.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "org.messagebusbridge.cli.Mbb"));
    return commandLine;
  }

  private static List<String> options() {
    try {
      return Files.readAllLines(OPTIONS).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
